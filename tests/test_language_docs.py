"""`docs/language.md` and the documents beside it show what is: each of their examples is compiled, and does what they say.

A block with a name (`astro components/Card.astro`) is a file of the site, which stays there until the next `##`; an
`astro` block without one is `pages/index.astro`, a `python` block without one a program beside `build/`. The blocks
that follow tell what comes of it: `built`, a file that `pyastro build` writes, or without a name what it says; `html`, what the page renders (the doctype may be left out); `text`, what the
compiler says, the exception that rendering raises, or what the program prints; `http`, what the site answers to
requests, `>` before what is sent and `<` before status and headers. Blocks of other languages are not executed.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pyastro.compiler import render_diagnostic
from pyastro.compiler.project import compile_project
from pyastro.runtime import Astro, Request, Response
from pyastro.runtime.loading import Build
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site
from tests.esbuild import has_esbuild

DOCS = Path(__file__).parent.parent / "docs"
DOCUMENTS = {
    "language.md": 20,
    "from-astro.md": 20,
    "server.md": 20,
    "building.md": 5,
    "content.md": 4,
    "configuration.md": 4,
    "sessions.md": 6,
    "assets.md": 2,
    "testing.md": 4,
}
"""How many examples each has at least."""
BLOCK = re.compile(r"^```(\S+)(?: (\S+))?\n((?s:.*?))^```$|^## (.+)$", re.MULTILINE)
RESULTS = ("built", "html", "text", "http")
DOCTYPE = "<!DOCTYPE html>\n"


@dataclass
class Example:
    """Files of a site, and what the document says comes of them."""

    place: str
    files: dict[str, str]
    program: str | None = None
    results: list[tuple[str, str]] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    """The files that this example shows; the others were shown before."""


def examples(document: str) -> Iterator[Example]:
    """The examples of a document, in order."""
    text = (DOCS / document).read_text("utf-8")
    current = Example("", {})
    for found in BLOCK.finditer(text):
        kind, name, block, heading = found.groups()
        if heading or (current.results and kind not in RESULTS and _is_source(kind, name)):
            if current.results:
                yield current
            kept = {} if heading else {path: text for path, text in current.files.items() if _stays(path)}
            current = Example("", kept)
        if kind in RESULTS:
            current.place = f"{document}:{text.count(chr(10), 0, found.start()) + 1}"
            current.results.append((f"{kind} {name or ''}".rstrip(), block.strip()))
        elif _is_source(kind, name):
            _add(current, kind, name, block)
    if current.results:
        yield current


def _is_source(kind: str | None, name: str | None) -> bool:
    return bool(name) or kind in ("astro", "python")


def _stays(path: str) -> bool:
    return path != "pages/index.astro"


def _add(example: Example, kind: str, name: str | None, block: str) -> None:
    if kind == "python" and not name:
        example.program = block
        return
    path = name or "pages/index.astro"
    example.files[path] = block
    example.own.add(path)


EXAMPLES = [example for document in DOCUMENTS for example in examples(document)]


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples may sign."""
    monkeypatch.setenv("PYASTRO_SECRET", "s" * 32)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.place)
def test_the_example_gives_what_stands_below_it(example: Example, tmp_path: Path) -> None:
    if any(path.endswith(".ts") for path in example.own) and not has_esbuild():
        pytest.skip("esbuild is not installed")
    said = compiled(example, tmp_path)
    expected = [text for kind, text in example.results if kind == "text" and is_diagnostic(text)]
    assert said == "\n\n".join(expected)
    for kind, text in example.results:
        if text not in expected:
            assert outcome(example, kind, text, tmp_path) == text


def is_diagnostic(text: str) -> bool:
    return re.match(r"\S+:\d+:\d+: (error|warning): ", text) is not None


def compiled(example: Example, folder: Path) -> str:
    """What the compiler says about the site."""
    for path, text in {"pages/index.astro": "\n", **example.files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    report = compile_project(folder / "pages", folder / "build")
    found = [*report.warnings, *report.diagnostics]
    return "\n\n".join(render_diagnostic(each, report.texts.get(each.path)) for each in found)


def outcome(example: Example, kind: str, expected: str, folder: Path) -> str:
    """What a compiled example gives, in the form of the block that shows it."""
    if kind.startswith("built"):
        return built(folder, kind.removeprefix("built").strip())
    if kind == "html":
        return rendered(folder, with_doctype=expected.startswith("<!"))
    if kind == "http":
        return asyncio.run(answered(folder, expected))
    return printed(folder, example.program) if example.program else raised(folder)


def built(folder: Path, file: str) -> str:
    """A file that `pyastro build` writes, or what the command says against the site."""
    command = [sys.executable, "-W", "error", "-m", "pyastro.cli", "build"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not file:
        return done.stderr.strip()
    assert (done.returncode, done.stderr) == (0, "")
    return (folder / file).read_text("utf-8").removeprefix(DOCTYPE).strip()


async def page(folder: Path) -> str:
    """The page as a program would render it."""
    build = Build(folder / "build")
    try:
        result = await build.module("pages.index").render(Astro(Request("GET", "http://localhost/")))
    finally:
        build.unload()
    assert not isinstance(result, Response), "the page returned a response: show it in an `http` block"
    return str(result)


def rendered(folder: Path, with_doctype: bool) -> str:
    html = asyncio.run(page(folder))
    return (html if with_doctype else html.removeprefix(DOCTYPE)).strip()


def raised(folder: Path) -> str:
    """The exception that rendering the page raises."""
    try:
        html = asyncio.run(page(folder))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    pytest.fail(f"the page raises nothing; it renders {html}")


def printed(folder: Path, program: str) -> str:
    """What a program beside the build prints."""
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


# ---------------------------------------------------------------- requests


async def answered(folder: Path, exchanges: str) -> str:
    """The same exchanges, with what the site answers. Of the headers, those that the document shows."""
    site = Site.load(folder / "build", session_store=MemoryStore())
    await site.startup()
    try:
        return "\n\n".join(
            [await _answered(site, exchange) for exchange in re.split(r"\n\n(?=> )", exchanges)]
        )
    finally:
        await site.shutdown()


async def _answered(site: Site, exchange: str) -> str:
    lines = exchange.splitlines()
    sent = [line for line in lines if line.startswith(">")]
    shown = [line.split(":")[0][2:] for line in lines if line.startswith("< ") and ":" in line]
    response = await site.handle(_request([line[2:] for line in sent]))
    headers = [f"< {name}: {value}" for name in shown for value in response.headers.get_all(name)]
    body = await response.text() if _shows_body(lines) else ""
    shown_body = body.removeprefix(DOCTYPE).rstrip("\n").splitlines()
    return "\n".join([*sent, f"< {response.status}", *headers, *shown_body])


def _shows_body(lines: list[str]) -> bool:
    return not lines[-1].startswith(("> ", "< "))


def _request(lines: list[str]) -> Request:
    """The request of an exchange: a line with method and path, headers, and after an empty line the body."""
    end = lines.index("") if "" in lines else len(lines)
    method, _, path = lines[0].partition(" ")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:end])]
    return Request(method, f"http://localhost{path}", headers, "\n".join(lines[end + 1 :]).encode())


# ---------------------------------------------------------------- the documents themselves


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_has_examples(document: str) -> None:
    assert len(list(examples(document))) >= DOCUMENTS[document]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_page_of_a_document_is_executed(document: str) -> None:
    text = (DOCS / document).read_text("utf-8")
    pages = [name or "pages/index.astro" for kind, name, *_ in BLOCK.findall(text) if kind == "astro"]
    shown = [path for example in examples(document) for path in example.own if path.endswith(".astro")]
    assert len(pages) == len(shown)
