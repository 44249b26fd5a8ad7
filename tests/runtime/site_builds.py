"""Builds for tests: small compiled modules, written by hand, in a folder with a manifest."""

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyastro.runtime.request import Request
from pyastro.runtime.response import Response
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site

HELPER = '''
import inspect


class Render:
    """What the page decorator makes of a function, as far as a site needs it."""

    def __init__(self, function):
        self.function = function

    async def __call__(self, context=None, slots=None, /, **props):
        return await self.function(context, **props)

    def accepts(self, name):
        return name in inspect.signature(self.function).parameters


page = Render
'''
PAGE = "from {dots}fake import page\nfrom pyastro.runtime.response import Response, Rewrite\nfrom markupsafe import Markup\n\n"


def page(body: str, arguments: str = "context") -> str:
    """The text of a page module with one function, whose body is given."""
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return f"{PAGE}@page\nasync def render({arguments}):\n{lines}\n"


def html(text: str) -> str:
    """The text of a page module that renders this HTML, an f-string that sees `context`."""
    return page(f"return Markup(f'''{text}''')")


def endpoint(text: str) -> str:
    """The text of an endpoint module."""
    return f"from pyastro.runtime.response import Response\n\n{text}"


def route(path: str, kind: str = "page", **more: Any) -> dict[str, Any]:
    """The manifest's entry for a route that is written as `/post/[id]`."""
    segments = [_parts(segment) for segment in path.split("/") if segment]
    return {
        "pattern": path,
        "kind": kind,
        "module": module_name(path),
        "source": _source(path, kind),
        "segments": segments,
        **more,
    }


def module_name(path: str) -> str:
    """The module of a route."""
    name = re.sub(
        r"\[(\.\.\.)?(\w+)\]", lambda found: ("rest_" if found[1] else "param_") + found[2], path.strip("/")
    )
    if path in ("/404", "/500"):
        return f"pages._{path[1:]}"
    return "pages." + (re.sub(r"[^\w/]", "_", name).replace("/", ".") or "index")


def _source(path: str, kind: str) -> str:
    return f"pages{path if path != '/' else '/index'}.{'astro' if kind == 'page' else 'py'}"


def _parts(segment: str) -> list[list[str]]:
    parts = []
    for text, name in re.findall(r"([^\[]+)|\[([^\]]+)\]", segment):
        rest = name.startswith("...")
        parts.append(["static", text] if text else ["rest" if rest else "param", name.removeprefix("...")])
    return parts


def write_build(
    folder: Path,
    modules: Mapping[str, str],
    *,
    order: list[str] | None = None,
    public: Mapping[str, bytes] | None = None,
    middleware: str | None = None,
    config: Mapping[str, Any] | None = None,
    prerender: tuple[str, ...] = (),
) -> Path:
    """A build with these routes (`/about`, or `/api.py` for an endpoint) and the texts of their modules."""
    routes = []
    for path in order or list(modules):
        kind = "endpoint" if path.endswith(".py") else "page"
        routes.append(route(path.removesuffix(".py"), kind, prerender=path in prerender))
    for path, text in modules.items():
        _write_module(folder, module_name(path.removesuffix(".py")), text)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").write_text("")
    (folder / "fake.py").write_text(HELPER)
    if middleware is not None:
        (folder / "middleware.py").write_text(middleware)
    for name, data in (public or {}).items():
        (folder / "public" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "public" / name).write_bytes(data)
    manifest = {
        "version": 1,
        "routes": routes,
        "errors": {path[1:]: f"pages._{path[1:]}" for path in ("/404", "/500") if path in modules},
        "middleware": "middleware" if middleware is not None else None,
        "public": {
            name: {"size": len(data), "hash": hashlib.sha256(data).hexdigest()}
            for name, data in (public or {}).items()
        },
        "sources": {},
        "config": {"site": None, "base": "/", "trailing_slash": "ignore", **(config or {})},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def _write_module(folder: Path, name: str, text: str) -> None:
    file = folder.joinpath(*name.split(".")).with_suffix(".py")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text.replace("{dots}", "." * (name.count(".") + 1)))


def make_site(
    folder: Path,
    modules: Mapping[str, str],
    *,
    development: bool = False,
    check_origin: bool = True,
    **build: Any,
) -> Site:
    """A site of such a build, with its sessions in memory."""
    store = MemoryStore()
    built = write_build(folder / "build", modules, **build)
    return Site.load(built, session_store=store, development=development, check_origin=check_origin)


def ask(
    site: Site,
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Response:
    """What a site answers to one request."""
    return asyncio.run(site.handle(Request(method, f"http://localhost{path}", headers or {}, body)))


def text_of(response: Response) -> str:
    """The body of a response as text."""
    return asyncio.run(response.text())


def get(
    site: Site, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """The status and the text of an answer."""
    response = ask(site, path, method, headers)
    return response.status, text_of(response)
