import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pyastro.cli import main
from pyastro.compiler.check import checkers
from pyastro.compiler.project.esbuild import Esbuild

Captured = pytest.CaptureFixture[str]
Site = Callable[[Mapping[str, str]], Path]

POSTS = """\
from dataclasses import dataclass


@dataclass
class Post:
    title: str
    words: int


POSTS = [Post("a", 1)]


def find(title: str) -> Post | None:
    return None
"""
DOCUMENT = Path(__file__).parent.parent.parent / "docs/checking.md"
CARD = "---\nclass Props:\n    title: str\n    level: int = 1\n    class_: str | None = None\n---\n<h1 class={class_}>{title}{level}</h1><slot />\n"
PAGE = """\
---
from ..components import Card
from ..lib.posts import POSTS, find

post = find("a")
first = POSTS[0]
---
"""

requires_pyright = pytest.mark.skipif(
    not shutil.which("pyright") and not os.environ.get("PYASTRO_REQUIRE_NODE"),
    reason="pyright is not installed",
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One source root for all tests: what mypy remembers of the libraries stays there."""
    return tmp_path_factory.mktemp("site") / "root"


@pytest.fixture
def site(root: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A function that writes a site, and gives its pages; the working directory is its source root."""

    def write(files: Mapping[str, str]) -> Path:
        write_site(root, files)
        monkeypatch.chdir(root)
        return root / "pages"

    return write


def write_site(root: Path, files: Mapping[str, str]) -> None:
    root.mkdir(exist_ok=True)
    for old in root.iterdir():
        if old.name != ".pyastro":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for path, text in {"lib/posts.py": POSTS, "components/Card.astro": CARD, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def told(capsys: Captured) -> list[dict[str, object]]:
    """The findings of a check that was asked for JSON."""
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["diagnostics"]
    return found


def marked(template: str) -> tuple[str, list[str]]:
    """A template without the marks `«…»`, and what stands between them, as `line:column text`."""
    places, plain = [], ""
    for part in re.split(r"(«[^»]*»)", template):
        if part.startswith("«"):
            before = PAGE + plain
            line = before.count("\n") + 1
            places.append(f"{line}:{len(before) - before.rfind(chr(10))} {part[1:-1]}")
            part = part[1:-1]
        plain += part
    return plain, places


TEMPLATES = [
    "<p>{«first.titel»}</p>",
    "<p>é ü {first.title} {«first.titel»}</p>",
    "{'é€😀' + «first.titel»} {['é', «first.titel»]}",
    "<p>{first.title} {first.title + «1»} {first.title}</p>",
    "{[<li class={«p.nme»} data-x={p.title}>{«p.titl»}</li> for p in POSTS if «p.bad»]}",
    "{first.words and <b>{«first.nam»} {first.title}</b>}",
    "{«first.foo» if first.words else <i>x</i>}",
    '<p title=f"{«first.nix»}" class:list={["a", {"b": «first.z»}]} style={{"color": «first.q»}}>x</p>',
    "{«first.wide»:>10}",
    "<Card title={«5»} />",
    '<Card title="x" «level="3"» />',
    '<Card\n  title="x"\n  level={«"very"»}\n/>',
    "<Card title={first.title}>{«first.inner»}</Card>",
    "<Card title={first.title}><p>{«first.inner»}</p></Card>",
    "{(\n  first.title\n  + «first.more»\n)}",
    "{«POSTS.map»(lambda p: <b>{p}</b>)}",
    '<script define:vars={{"a": «first.w»}}></script>',
    "{«await first»}",
    "<p {**«first.spread»}>x</p>",
    "<p set:html={«first.html»} />",
    "{first.title}{first.title}{«first.titel»}{first.title}",
    "{«first.x»} {«first.x»}",
    "{[<i>{x}</i> for x in (1, 2)]}{[<i>{x.upper()}{«x.foo»}</i> for x in ('a', 'b')]}",
]
"""What is wrong in each stands between `«` and `»`."""


@pytest.fixture(scope="module")
def findings(root: Path) -> list[dict[str, Any]]:
    """What is said of all templates, each in a page of its own."""
    pages = {f"pages/p{i}.astro": PAGE + marked(each)[0] + "\n" for i, each in enumerate(TEMPLATES)}
    write_site(root, pages)
    command = [sys.executable, "-m", "pyastro.cli", "check", str(root / "pages"), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["diagnostics"]
    return found


@pytest.mark.parametrize("index", range(len(TEMPLATES)), ids=TEMPLATES)
def test_an_error_stands_where_its_author_wrote_it(index: int, findings: list[dict[str, Any]]) -> None:
    plain, places = marked(TEMPLATES[index])
    lines = (PAGE + plain).split("\n")
    own = [each for each in findings if each["path"] == f"pages/p{index}.astro"]
    found = {
        f"{d['line']}:{d['column']} {lines[d['line'] - 1][d['column'] - 1 : d['end_column'] - 1]}"
        for d in own
    }
    assert sorted(found) == sorted(set(places))


def test_a_finding_looks_like_those_of_the_compiler(site: Site, capsys: Captured) -> None:
    site({"pages/index.astro": PAGE + "<p>{first.titel}</p>\n<Card title={5} />\n"})
    assert main(["check"]) == 1
    assert capsys.readouterr().out == (
        'pages/index.astro:8:5: error: "Post" has no attribute "titel". [attr-defined]\n'
        "  7 | ---\n"
        "  8 | <p>{first.titel}</p>\n"
        "    |     ^^^^^^^^^^^\n"
        "  hint: Did you mean `title`?\n\n"
        "pages/index.astro:9:14: error: `title` of `<Card>` expects `str`, found `int`. [arg-type]\n"
        "  8 | <p>{first.titel}</p>\n"
        "  9 | <Card title={5} />\n"
        "    |              ^\n\n"
        "2 errors in 2 components.\n"
    )


def test_where_nothing_changed_no_checker_runs(
    site: Site, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"pages/index.astro": PAGE + "<p>{first.title}</p>{post and post.titel}\n<Card title='a' />\n"}
    site(files)
    assert main(["check"]) == 1
    first = capsys.readouterr().out
    monkeypatch.setattr(checkers, "_run", None)
    assert main(["check"]) == 1
    assert capsys.readouterr().out == first


@pytest.mark.slow
def test_a_change_of_what_is_imported_is_noticed(site: Site, capsys: Captured) -> None:
    pages = site({"pages/index.astro": "---\nfrom app.words import WORD\n---\n{WORD.upper()}\n"})
    app = pages.parent.parent / "elsewhere" / "app"
    app.mkdir(parents=True)
    (app / "__init__.py").touch()
    (app / "words.py").write_text("WORD = 'a'\n")
    os.environ["MYPYPATH"], before = str(app.parent), os.environ.get("MYPYPATH")
    try:
        assert main(["check"]) == 0
        (app / "words.py").write_text("WORD = 12345\n")
        assert main(["check"]) == 1
        (pages.parent / "mypy.ini").write_text("[mypy]\ndisable_error_code = attr-defined\n")
        assert main(["check"]) == 0
    finally:
        os.environ.pop("MYPYPATH")
        if before:
            os.environ["MYPYPATH"] = before
    assert '"int" has no attribute "upper"' in capsys.readouterr().out


def test_what_does_not_compile_is_told_instead_of_its_types(site: Site, capsys: Captured) -> None:
    site({"pages/index.astro": PAGE + "<Card titel='a' />{first.x}\n"})
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert "`<Card>` has no prop `titel`. [unknown-prop]" in out
    assert out.endswith("1 error in 2 components.\n")


def test_a_script_that_needs_what_is_not_installed_is_told(
    site: Site, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Esbuild, "find", classmethod(lambda *_: None))
    site({"pages/index.astro": PAGE + "<Card title='a' /><script>const a: number = 1</script>\n"})
    assert main(["check"]) == 1
    assert "[script-needs-esbuild]" in capsys.readouterr().out


def test_an_undefined_name_is_told_once_and_is_an_error(site: Site, capsys: Captured) -> None:
    site({"pages/index.astro": PAGE + "{frist} {frist.x}\n"})
    assert main(["check", "--format", "json"]) == 1
    found = told(capsys)
    assert [(d["column"], d["severity"], d["code"]) for d in found] == [
        (2, "error", "undefined-name"),
        (10, "error", "undefined-name"),
    ]


def test_each_mistake_is_told_once_in_the_order_of_files_and_lines(site: Site, capsys: Captured) -> None:
    props = "---\nclass Props:\n    size: int = 'x'\n---\n<p>{size}</p>\n"
    page = "{Astro.nix}\n{post.nope} {post.title}\n{Astro.session.get('a') + 1}\n{frist}\n"
    site({"components/Size.astro": props, "pages/index.astro": PAGE + page})
    assert main(["check", "--format", "json"]) == 1
    found = [(d["path"], d["line"], d["column"], d["severity"], d["code"]) for d in told(capsys)]
    assert found == [
        ("components/Size.astro", 3, 17, "error", "assignment"),
        ("pages/index.astro", 8, 2, "error", "unknown-of-astro"),
        ("pages/index.astro", 9, 2, "error", "union-attr"),
        ("pages/index.astro", 9, 14, "error", "union-attr"),
        ("pages/index.astro", 10, 2, "error", "missing-await"),
        ("pages/index.astro", 11, 2, "error", "undefined-name"),
    ]


def test_warnings_stand_among_the_errors_of_a_site_that_does_not_compile(
    site: Site, capsys: Captured
) -> None:
    wrong = "---\nfrom ..nowhere import x\n---\n{nothing}\n"
    site({"pages/a.astro": wrong, "pages/b.astro": wrong})
    assert main(["check", "--format", "json"]) == 1
    assert [(d["path"], d["line"], d["severity"]) for d in told(capsys)] == [
        ("pages/a.astro", 2, "error"),
        ("pages/a.astro", 4, "warning"),
        ("pages/b.astro", 2, "error"),
        ("pages/b.astro", 4, "warning"),
    ]


def test_libraries_without_types_do_not_fail(site: Site, capsys: Captured) -> None:
    site({"pages/index.astro": "---\nimport yaml\nimport nothing_of_that_name\n---\n<p>x</p>\n"})
    assert main(["check", "--format", "json"]) == 1
    by_line = {d["line"]: d for d in told(capsys)}
    assert by_line[2]["severity"] == "warning"
    assert by_line[2]["hint"] == "Install the package with its types: `pip install types-PyYAML`."
    assert (by_line[3]["severity"], by_line[3]["column"]) == ("error", 8)


def test_local_python_files_are_checked(site: Site, capsys: Captured) -> None:
    site({"pages/index.astro": PAGE, "lib/posts.py": POSTS + "WRONG: int = 'ä' + POSTS[0].nope\n"})
    assert main(["check", "--format", "json"]) == 1
    assert [(d["path"], d["line"], d["column"]) for d in told(capsys)] == [("lib/posts.py", 15, 20)]


def test_annotations_for_a_workflow(site: Site, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = site({"pages/a,b%.astro": PAGE + "{first.titel}\n"})
    monkeypatch.chdir(pages.parent.parent)
    assert main(["check", str(pages), "--format", "github"]) == 1
    assert capsys.readouterr().out == (
        f"::error file={pages.parent.name}/pages/a%2Cb%25.astro,line=8,col=2,endColumn=13,title=attr-defined::"
        '"Post" has no attribute "titel". Did you mean `title`?\n'
    )


def test_what_the_host_cannot_do_is_told_where_it_is_named(site: Site, capsys: Captured) -> None:
    streams = "---\nimport asyncio\nstream = True\n---\n<p>{await asyncio.sleep(0)}{await Astro.session.get('a')}</p>\n"
    site({"pages/index.astro": streams, "pyastro.toml": 'site = "https://a.example"\nadapter = "lambda"\n'})
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert (
        "pyastro.toml:2:1: error: The site keeps sessions, and lambda cannot hold them with the driver sqlite"
        in out
    )
    assert "pyastro.toml:2:1: error: pages/index.astro streams, and lambda sends" in out
    assert '  2 | adapter = "lambda"\n' in out and 'hint: Set `driver = "cookie"`' in out


def test_what_stands_against_this_machine_alone_is_a_warning(
    site: Site, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyastro.adapters.cloudflare.SDK", "a-package-that-nobody-has")
    site({"pages/index.astro": "<p>x</p>\n", "pyproject.toml": '[tool.pyastro]\nadapter = "cloudflare"\n'})
    assert main(["check", "--format", "json"]) == 0
    (only,) = told(capsys)
    assert (only["path"], only["line"], only["severity"]) == ("pyproject.toml", 2, "warning")
    assert "a-package-that-nobody-has" in only["hint"]


def test_an_adapter_that_there_is_not_is_an_error(site: Site, capsys: Captured) -> None:
    site({"pages/index.astro": "<p>x</p>\n", "pyastro.toml": 'adapter = "mars"\n'})
    assert main(["check", "--format", "json"]) == 1
    (only,) = told(capsys)
    assert only["message"].startswith("There is no adapter 'mars'")


@pytest.mark.slow
def test_strict_is_stricter(site: Site, capsys: Captured) -> None:
    site({"pages/index.astro": "---\ndef twice(x):\n    return x * 2\n---\n{twice(2)}\n"})
    assert main(["check"]) == 0
    assert main(["check", "--strict"]) == 1
    assert "pages/index.astro:2:1: error: Function is missing a type annotation." in capsys.readouterr().out


def test_a_missing_checker_is_told(site: Site, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    site({"pages/index.astro": "<p>x</p>\n"})
    monkeypatch.setattr(checkers.shutil, "which", lambda *_, **__: None)
    assert main(["check", "--with", "pyright"]) == 2
    assert "pyright is not installed.\n  hint: Install it" in capsys.readouterr().err


def test_settings_that_mypy_refuses_are_told(site: Site, capsys: Captured) -> None:
    site({"pages/index.astro": "<p>x</p>\n", "mypy.ini": "[mypy]\nplugins = nothing_of_that_name\n"})
    assert main(["check"]) == 2
    assert "nothing_of_that_name" in capsys.readouterr().err


@pytest.mark.slow
def test_the_sources_stay_as_they_are(site: Site) -> None:
    pages = site({"pages/index.astro": PAGE})
    before = files_of(pages.parent)
    main(["check"])
    assert files_of(pages.parent) == before
    assert (pages.parent / ".pyastro/check/.gitignore").read_text() == "*\n"


def files_of(root: Path) -> dict[Path, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and ".pyastro" not in path.parts)
    return {path: path.read_bytes() for path in files}


def test_the_document_shows_what_is_said(site: Site, capsys: Captured) -> None:
    text = DOCUMENT.read_text("utf-8")
    blocks = dict(re.findall(r"^```(?:astro|python) (\S+)\n((?s:.*?))^```$", text, re.MULTILINE))
    said = re.findall(r"^```text\n((?s:.*?))^```$", text, re.MULTILINE)
    site(blocks)
    assert main(["check"]) == 1
    assert capsys.readouterr().out == said[0]


@requires_pyright
def test_pyright_tells_the_same_places(site: Site, capsys: Captured) -> None:
    site(
        {
            "pages/index.astro": PAGE
            + "<p>ü {«first.titel»}</p><Card title={«5»} />\n".replace("«", "").replace("»", "")
        }
    )
    assert main(["check", "--with", "pyright", "--format", "json"]) == 1
    found = told(capsys)
    assert [(d["line"], d["column"], d["end_column"]) for d in found] == [(8, 7, 18), (8, 36, 37)]
    assert found[1]["message"] == "`title` of `<Card>` expects `str`, found `Literal[5]`."
