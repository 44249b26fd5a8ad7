"""What the README shows is true: its component compiles to its module, its site answers, its program runs."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyastro.cli import main
from pyastro.compiler import render_diagnostic
from pyastro.compiler.project import compile_project
from pyastro.runtime import Request
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site

README = Path(__file__).parent.parent / "README.md"


def readme_blocks(kind: str) -> Iterator[tuple[str, str]]:
    """The blocks of a kind, each with the paragraph before it."""
    for found in re.finditer(
        rf"((?:.+\n)*)\n?```{kind}\n((?s:.*?))^```$", README.read_text("utf-8"), re.MULTILINE
    ):
        yield found[1], found[2]


def readme_site() -> dict[str, str]:
    """The files that the README shows, by the path that the paragraph before each of them names first."""
    blocks = [*readme_blocks("astro"), *readme_blocks("python")]
    paths = [re.search(r"`([\w./\[\]]+\.(?:astro|py))`", paragraph) for paragraph, _ in blocks]
    return {path[1]: text for path, (_, text) in zip(paths, blocks, strict=True) if path}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The README's site, compiled; the folder that holds `build/`."""
    for path, text in readme_site().items():
        if not path.startswith("build/"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
    report = compile_project(tmp_path / "pages", tmp_path / "build")
    assert not [str(each) for each in [*report.diagnostics, *report.warnings]]
    return tmp_path


def test_the_readme_shows_what_the_compiler_writes(site: Path, update: bool) -> None:
    ((path, shown),) = ((path, text) for path, text in readme_site().items() if path.startswith("build/"))
    written = (site / path).read_text("utf-8")
    if update:
        README.write_text(README.read_text("utf-8").replace(shown, written), "utf-8")
    assert shown == written or update, f"README.md: {path} is not what the compiler writes now"


def test_the_readme_shows_what_the_compiler_says(site: Path) -> None:
    ((_, shown),) = readme_blocks("text")
    page = '---\nfrom ..components import Card\n---\n<main>\n<Card title="a" titel="b" />\n</main>\n'
    (site / "pages/index.astro").write_text(page)
    report = compile_project(site / "pages", site / "build")
    said = [render_diagnostic(each, report.texts[each.path]) for each in report.diagnostics]
    assert said == [shown.rstrip("\n")]


def test_the_site_of_the_readme_answers(site: Path) -> None:
    answers = asyncio.run(visit(site / "build"))
    assert ["A quiet week." in answers["/"], "1,200 words" in answers["/"], "1 posts" in answers["/"]] == [
        True
    ] * 3
    assert "<p>Sought: tea</p>" in answers["/posts/hello?q=tea"]
    assert answers["/posts/none"].startswith("404 DENY")
    assert answers["/api/hello.json"] == '200 DENY {"title":"Hello"}'
    assert "Welcome back, Ada!" in answers["/ again"]


@pytest.mark.slow
def test_the_types_of_the_readmes_site_are_right(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(site)
    status = main(["check"])
    assert (status, capsys.readouterr().out) == (0, "No error in 5 components.\n")


async def visit(build: Path) -> dict[str, str]:
    """What the site answers: status, a header that the middleware sets, body."""
    site = Site.load(build, session_store=MemoryStore())
    await site.startup()
    answers: dict[str, str] = {}
    jar: dict[str, str] = {}
    for path in ("/", "/posts/hello?q=tea", "/posts/none", "/api/hello.json", "/login", "/"):
        body = b"name=Ada" if path == "/login" else b""
        headers = {"content-type": "application/x-www-form-urlencoded", **jar}
        request = Request("POST" if body else "GET", f"http://localhost{path}", headers, body)
        response = await site.handle(request)
        if cookie := response.headers.get_all("set-cookie"):
            jar = {"cookie": cookie[0].partition(";")[0]}
        key = f"{path} again" if path in answers else path
        answers[key] = f"{response.status} {response.headers.get('x-frame-options')} {await response.text()}"
    await site.shutdown()
    return answers


def test_the_program_of_the_readme_runs(site: Path) -> None:
    (program,) = (text for _, text in readme_blocks("python") if "asyncio.run" in text)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=site, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing here yet." in done.stdout and "<h1>Hello</h1>" in done.stdout
