"""The site that is asked: what holds memory, files, tasks and connections while it answers."""

from pathlib import Path

from pyastro.compiler.project import compile_project

FILES = {
    "components/Card.astro": "---\nclass Props:\n    title: str\n---\n<article><h2>{title}</h2><slot/></article>\n",
    "pages/index.astro": (
        "---\nfrom ..components import Card\nname = Astro.url.query.get('name', 'nobody')\n---\n"
        "<h1>{name}</h1>{<Card title={str(n)}>{name}</Card> for n in range(50)}<p>{Astro.locals.name}</p>"
        "<style>h1 { color: red }</style>"
    ),
    "pages/visits.astro": (
        "---\ncount = (await Astro.session.get('count') or 0) + 1\nawait Astro.session.set('count', count)\n---\n<p>{count}</p>"
    ),
    "pages/stream.astro": (
        "---\nimport asyncio\nstream = True\n---\n<html><body><p>first</p>\n"
        "{await asyncio.sleep(0.02)}<p>second</p>{await asyncio.sleep(0.02)}<p>third</p></body></html>"
    ),
    "pages/slow.astro": "---\nimport asyncio\nawait asyncio.sleep(30)\n---\n<p>late</p>",
    "pages/fails.astro": "---\nlocal = list(range(1000))\n---\n<p>{1 / 0}</p>",
    "pages/exits.astro": "---\nraise SystemExit\n---\n<p>never</p>",
    "pages/404.astro": "<h1>Nothing at {Astro.url.path}</h1>",
    "pages/500.astro": "<h1>Sorry</h1>",
    "pages/breaks.py": (
        "from pyastro.runtime import Response\n\n\nasync def pieces():\n    yield 'x' * 1000\n    raise ValueError('broken')\n\n\n"
        "def GET():\n    return Response(pieces())\n"
    ),
    "pages/ticks.py": (
        "import asyncio\n\nfrom pyastro.runtime import Response\n\n\nasync def ticks():\n    while True:\n"
        "        yield 'x' * 1000\n        await asyncio.sleep(0.005)\n\n\n"
        "def GET():\n    return Response.event_stream(ticks())\n"
    ),
    "pages/upload.py": (
        "from pyastro.runtime import Response\n\n\nasync def POST(request):\n    form = await request.form_data()\n"
        "    return Response(str(form.files['file'].size))\n"
    ),
    "middleware.py": (
        "async def on_request(context, next):\n    context.locals.name = context.url.query.get('name', 'nobody')\n"
        "    response = await next()\n    response.headers['x-name'] = context.locals.name\n    return response\n"
    ),
}
LARGE = 600_000
"""The size of a file that an upload does not keep in memory."""


def build_soaked_site(folder: Path) -> None:
    """Compiles the site into `build/`, beside the program that `uvicorn alone:app` starts."""
    for path, text in FILES.items():
        (folder / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "source" / path).write_text(text)
    (folder / "source/public").mkdir()
    (folder / "source/public/large.bin").write_bytes(bytes(range(256)) * 2000)
    report = compile_project(folder / "source/pages", folder / "build")
    assert not report.diagnostics, report.diagnostics
    (folder / "alone.py").write_text("from pyastro.asgi import Application\n\napp = Application('build')\n")
