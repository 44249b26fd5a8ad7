import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyastro.compiler.project import Report, compile_project, emission
from pyastro.compiler.project.build_folder import CACHE, MANIFEST
from pyastro.compiler.project.output import ProjectError
from pyastro.compiler.purpose import Purpose

Write = Callable[..., Path]

SITE = {
    "pages/index.astro": "---\nfrom ..components import Card\nfrom lib.util import shout\n---\n<Card title={shout('hi')} />\n",
    "pages/post/[id].astro": "---\nprerender = True\n---\n<p>{Astro.params.id}</p>\n",
    "pages/404.astro": "<p>nothing</p>\n",
    "pages/api/data.json.py": "from lib.util import shout\nprerender = False\n\ndef GET(context):\n    return shout\n",
    "pages/_c/Part.astro": "<i/>\n",
    "components/Card.astro": "---\nclass Props:\n    title: str\n---\n<h2>{title}</h2>\n<style>h2 { color: red }</style>\n",
    "lib/__init__.py": "",
    "lib/util.py": "import lib.deep\n\n\ndef shout(text):\n    return lib.deep.up(text)  # é\n",
    "lib/deep.py": "def up(text):\n    return text.upper()\n",
    "lib/unused.py": "import nothing\n",
    "middleware.py": "async def on_request(context, next):\n    return await next()\n",
    "public/robots.txt": "User-agent: *\n",
}


def build(root: Path) -> Path:
    return root.parent / "build"


def compiled(root: Path) -> Report:
    report = compile_project(root / "pages", build(root))
    assert [str(d) for d in report.diagnostics] == []
    return report


def manifest(root: Path) -> Any:
    return json.loads((build(root) / MANIFEST).read_text())


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def errors(write: Write, files: dict[str, str]) -> list[tuple[str, str, int, int]]:
    root = write(files)
    report = compile_project(root / "pages", build(root))
    assert not build(root).exists()
    return [(d.code, d.path, d.line, d.column) for d in report.diagnostics]


def test_a_build_mirrors_the_source_root(write: Write) -> None:
    root = write(SITE)
    report = compiled(root)
    assert sorted(contents(build(root))) == [
        CACHE,
        "__init__.py",
        "components/Card.py",
        "components/__init__.py",
        "lib/__init__.py",
        "lib/deep.py",
        "lib/util.py",
        "manifest.json",
        "middleware.py",
        "pages/_404.py",
        "pages/__init__.py",
        "pages/_c/Part.py",
        "pages/_c/__init__.py",
        "pages/api/__init__.py",
        "pages/api/data_json.py",
        "pages/index.py",
        "pages/post/__init__.py",
        "pages/post/param_id.py",
        "public/robots.txt",
    ]
    assert report.components == sorted(path for path in SITE if path.endswith(".astro"))
    assert report.compiled == report.components
    assert sorted(report.written) == sorted(contents(build(root)))


def test_the_manifest_tells_what_there_is(write: Write) -> None:
    root = write(SITE | {"pyastro.toml": 'site = "https://example.org"\nredirects = {"/a" = "/b"}\n'})
    compiled(root)
    data = manifest(root)
    assert data["version"] == 1
    assert [route["pattern"] for route in data["routes"]] == [
        "/404",
        "/a",
        "/api/data.json",
        "/post/[id]",
        "/",
    ]
    assert data["routes"][3] == {
        "pattern": "/post/[id]",
        "kind": "page",
        "module": "pages.post.param_id",
        "source": "pages/post/[id].astro",
        "segments": [[["static", "post"]], [["param", "id"]]],
        "prerender": True,
    }
    assert data["routes"][1] == {
        "pattern": "/a",
        "kind": "redirect",
        "source": "pyastro.toml",
        "segments": [[["static", "a"]]],
        "to": "/b",
        "status": None,
    }
    assert data["routes"][2]["kind"] == "endpoint"
    assert data["routes"][2]["module"] == "pages.api.data_json"
    assert data["errors"] == {"404": "pages._404"}
    assert data["middleware"] == "middleware"
    assert data["public"]["robots.txt"]["size"] == 14
    assert len(data["public"]["robots.txt"]["hash"]) == 64
    assert "lib/util.py" in data["sources"]
    assert "lib/unused.py" not in data["sources"]
    assert data["config"] == {
        "site": "https://example.org",
        "base": "/",
        "trailing_slash": "ignore",
    }


def test_python_files_come_along_with_relative_imports(write: Write) -> None:
    root = write(SITE)
    compiled(root)
    assert (build(root) / "lib/util.py").read_text() == (
        "from . import deep as lib; from .. import lib\n\n\ndef shout(text):\n    return lib.deep.up(text)  # é\n"
    )
    assert (build(root) / "pages/api/data_json.py").read_text().startswith("from ...lib.util import shout\n")
    assert (build(root) / "lib/deep.py").read_text() == SITE["lib/deep.py"]


def test_a_build_is_complete_and_works_anywhere(write: Write, tmp_path: Path) -> None:
    root = write(SITE)
    compiled(root)
    shutil.move(build(root), tmp_path / "elsewhere/moved")
    shutil.rmtree(root)
    code = "from moved.pages import index; from moved import lib; print(lib.util.shout('x'), index.Card.__name__)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path / "elsewhere",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("X moved.components.Card\n", "")


def test_a_page_beside_a_folder_of_its_name(write: Write) -> None:
    root = write(
        {
            "pages/blog.astro": "---\nfrom ..components import Card\nfrom .blog import post\n---\n<Card/><post/><style>p {}</style>",
            "pages/blog/post.astro": "---\nfrom ...components import Card\n---\n<Card/>",
            "components/Card.astro": "<p>x</p><style>p { color: red }</style>",
        }
    )
    compiled(root)
    text = (build(root) / "pages/blog/__init__.py").read_text()
    assert "from ...components import Card" in text
    assert "from . import post" in text
    assert '"...components.Card"' in text
    assert [r["module"] for r in manifest(root)["routes"]] == ["pages.blog.post", "pages.blog"]


def test_styles_are_those_of_all_that_a_page_reaches(write: Write) -> None:
    styled = "<p>x</p><style>p {{ margin: {} }}</style>"
    root = write(
        {
            "pages/index.astro": "---\nfrom ..lib import tools\nfrom ..layouts import Main\nfrom ..components import ui\n---\n"
            "<Main/>" + styled.format(1),
            "layouts/Main.astro": "---\nfrom ..components import Header\n---\n<Header/>" + styled.format(2),
            "components/Header.astro": styled.format(3),
            "components/Unused.astro": styled.format(4),
            "components/ui/Button.astro": styled.format(5),
            "lib/tools.py": "from components.Hidden import render",
            "components/Hidden.astro": styled.format(6),
            "components/Plain.astro": "<p/>",
        }
    )
    compiled(root)
    text = (build(root) / "pages/index.py").read_text()
    expected = [
        "..components.Hidden",
        "..components.Header",
        "..layouts.Main",
        "..components.ui.Button",
        ".index",
    ]
    positions = [text.index(f'"{name}"') for name in expected]
    assert positions == sorted(positions)
    assert "Unused" not in text


def test_data_files_come_along(write: Write) -> None:
    root = write(
        {
            "pages/index.astro": "<p/>",
            "pyastro.toml": 'include = ["my-lib/*.json", "data/**/*.txt", "plugins/*.py"]',
            "my-lib/Card.astro": "<p/>",
            "my-lib/x.json": "{}",
            "data/my-texts/a.txt": "a",
            "plugins/one.py": "import two_is_elsewhere\nfrom plugins import shared",
            "plugins/shared.py": "",
        }
    )
    compiled(root)
    files = contents(build(root))
    assert {"my_lib/x.json", "data/my-texts/a.txt", "plugins/one.py", "plugins/shared.py"} <= set(files)
    assert files["plugins/one.py"] == b"import two_is_elsewhere\nfrom . import shared"


def test_an_authors_initializer_comes_along(write: Write) -> None:
    root = write(
        {
            "pages/index.astro": "---\nfrom ..components import VERSION, Card\n---\n<Card/>{VERSION}",
            "components/__init__.py": "VERSION = 7\n",
            "components/Card.astro": "<p/>",
            "components/Other.astro": "<p/>",
        }
    )
    compiled(root)
    text = (build(root) / "components/__init__.py").read_text()
    assert text.startswith("VERSION = 7\n")
    code = "from build import components; print(components.VERSION, components.Other.__name__)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root.parent, capture_output=True, text=True, check=False
    )
    assert done.stdout == "7 build.components.Other\n", done.stderr


# ---------------------------------------------------------------- errors


def test_all_errors_of_all_files_are_reported_together(write: Write) -> None:
    files = {
        "pages/index.astro": "---\nfrom ..components import Crad, Card\n---\n<Card nope='1'/>\n{x +}\n",
        "pages/ok.astro": "---\nfrom ..components import Crad, Card\n---\n<Card nope='1' title='x'/>\n",
        "pages/[].astro": "<p/>",
        "pages/api.py": "x = 1",
        "components/Card.astro": "---\nclass Props:\n    title: str\n---\n<p/>",
        "components/Bad.astro": "<p>{</p>",
        "middleware.py": "def f(:",
        "pyastro.toml": "sit = 1",
    }
    found = errors(write, files)
    assert {(code, path) for code, path, _, _ in found} == {
        ("python-syntax", "pages/index.astro"),
        ("component-not-found", "pages/index.astro"),
        ("missing-prop", "pages/index.astro"),
        ("unknown-prop", "pages/index.astro"),
        ("component-not-found", "pages/ok.astro"),
        ("unknown-prop", "pages/ok.astro"),
        ("empty-param-name", "pages/[].astro"),
        ("endpoint-without-handler", "pages/api.py"),
        ("unclosed-expression", "components/Bad.astro"),
        ("python-syntax", "middleware.py"),
        ("unknown-setting", "pyastro.toml"),
    }


def test_names_that_clash_are_an_error(write: Write) -> None:
    found = errors(write, {"pages/about-us.astro": "", "pages/about_us.astro": ""})
    assert ("module-clash", "pages/about_us.astro", 1, 1) in found


def test_a_python_file_that_a_component_hides_is_an_error(write: Write) -> None:
    found = errors(write, {"pages/index.astro": "", "lib/util.astro": "", "lib/util.py": ""})
    assert found == [("module-clash", "lib/util.py", 1, 1)]


def test_a_page_and_an_endpoint_of_one_name_are_a_warning(write: Write) -> None:
    root = write({"pages/data.astro": "<p/>", "pages/data.py": "def GET(context): ..."})
    report = compiled(root)
    assert [(d.code, d.path) for d in report.warnings] == [("page-behind-endpoint", "pages/data.astro")]
    assert [r["module"] for r in manifest(root)["routes"]] == ["pages.data_endpoint"]
    assert (build(root) / "pages/data.py").read_text().startswith('"""pages/data.astro')


def test_a_file_that_is_not_utf_8_is_an_error(write: Write) -> None:
    root = write({"pages/index.astro": b"<p>\n\xff</p>"})
    report = compile_project(root / "pages", build(root))
    assert [(d.code, d.line, d.column) for d in report.diagnostics] == [("not-utf-8", 2, 1)]


def test_a_mistake_of_the_compiler_is_no_traceback(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(emission, "emit", fail)
    assert errors(write, {"pages/index.astro": "<p/>"}) == [("compiler-failure", "pages/index.astro", 1, 1)]


def test_a_failure_leaves_the_old_build(write: Write) -> None:
    root = write({"pages/index.astro": "<p/>"})
    compiled(root)
    before = contents(build(root))
    write({"pages/index.astro": "{", "pages/new.astro": "<p/>"})
    assert compile_project(root / "pages", build(root)).diagnostics
    assert contents(build(root)) == before
    assert sorted(p.name for p in root.parent.iterdir()) == ["build", "site"]


def test_pages_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("nothing", "file"):
        with pytest.raises(ProjectError, match=name):
            compile_project(tmp_path / name, tmp_path / "build")


def test_nothing_of_the_site_is_executed(write: Write, tmp_path: Path) -> None:
    code = f"open({str(tmp_path / 'executed')!r}, 'w')\n"
    root = write(
        {
            "pages/index.astro": f"---\nimport lib.util\n{code}---\n{{{code.strip()}}}",
            "pages/api.py": f"{code}def GET(context): ...\n",
            "lib/__init__.py": code,
            "lib/util.py": code,
            "middleware.py": code,
        }
    )
    compiled(root)
    assert not (tmp_path / "executed").exists()


# ---------------------------------------------------------------- the same, and what changed


def test_the_same_sources_give_the_same_bytes(write: Write, tmp_path: Path) -> None:
    root = write(SITE)
    compiled(root)
    compile_project(root / "pages", tmp_path / "again")
    assert contents(build(root)) == contents(tmp_path / "again")
    shutil.copytree(root, tmp_path / "copy")
    compile_project(tmp_path / "copy/pages", tmp_path / "other")
    assert contents(build(root)) == contents(tmp_path / "other")


def test_a_run_without_changes_touches_nothing(write: Write) -> None:
    root = write(SITE)
    compiled(root)
    before = build(root).stat().st_ino
    report = compiled(root)
    assert (report.compiled, report.written, report.removed) == ([], [], [])
    assert build(root).stat().st_ino == before


CHANGES: list[tuple[dict[str, str], set[str]]] = [
    (
        {"components/Card.astro": SITE["components/Card.astro"].replace("{title}", "{title}!")},
        {"components/Card.astro"},
    ),
    (
        {
            "components/Card.astro": SITE["components/Card.astro"].replace(
                "title: str", "title: str\n    more: int = 1"
            )
        },
        {"components/Card.astro"},
    ),
    (
        {
            "components/Card.astro": SITE["components/Card.astro"].replace(
                "{title}", "{title}<slot name='x' />"
            )
        },
        {"components/Card.astro"},
    ),
    (
        {
            "components/Card.astro": SITE["components/Card.astro"].replace(
                "<style>h2 { color: red }</style>", ""
            )
        },
        {"components/Card.astro", "pages/index.astro"},
    ),
    ({"lib/util.py": "def shout(text):\n    return text\n"}, set()),
    ({"pages/index/more.astro": "<p/>"}, {"pages/index.astro", "pages/index/more.astro"}),
    ({"components/New.astro": "<p/>"}, {"components/New.astro"}),
    (
        {
            "lib/util.py": "from components import New\ndef shout(t): ...",
            "components/New.astro": "<p/><style>p {}</style>",
        },
        set(),
    ),
    ({"public/robots.txt": "x"}, set()),
]


@pytest.mark.parametrize(("files", "expected"), CHANGES)
def test_only_what_changed_is_compiled_again(
    write: Write, tmp_path: Path, files: dict[str, str], expected: set[str]
) -> None:
    root = write(SITE)
    compiled(root)
    write(files)
    report = compiled(root)
    assert expected <= set(report.compiled)
    if expected:
        assert set(report.compiled) == expected
    compile_project(root / "pages", tmp_path / "fresh")
    assert contents(build(root)) == contents(tmp_path / "fresh")


BOX = (
    "---\nkind = 'box'\nclass Props:\n    title: str = ''\n    wide: bool = False\n---\n"
    "<i class={kind}>{title}{wide}</i><slot /><slot name='aside' /><slot name='foot' />\n"
)
BOX_CALLS = {
    "text": "<Box title='a'>text</Box>",
    "aside": "<Box><p slot='aside'>a</p></Box>",
    "inside": "<Box><Fragment slot='aside'>a</Fragment>{[1] and <p slot='aside'>b</p>}</Box>",
    "template": "<Box>{<p slot='aside'>{each}</p> for each in 'ab'}</Box>",
    "value": "<Box><p slot={'as' + 'ide'}>a</p></Box>",
    "handed_on": "<Box><slot name='default' slot='aside' /></Box>",
    "spread": "<Box {**{'title': 'a'}} />",
    "unknown": "<Box><p slot='head'>a</p></Box>",
    "wide": "<Box wide />",
}
ASIDE = {"aside", "inside", "template", "handed_on"}
BOX_CHANGES: list[tuple[str, str, set[str]]] = [
    ("<slot name='foot' />", "<slot name='foot' /><slot name='last' />", set()),
    ("<slot name='foot' />", "<slot name='feet' />", set()),
    ("<slot name='foot' />", "", set()),
    ("<slot name='aside' />", "<slot name='more' /><slot name='aside' />", ASIDE),
    ("<slot name='aside' />", "", ASIDE),
    ("<slot name='aside' /><slot name='foot' />", "<slot name='foot' /><slot name='aside' />", ASIDE),
    ("<slot name='foot' />", "<slot name='head' />", {"unknown"}),
    ("<slot />", "<slot name='first' /><slot />", set(BOX_CALLS)),
    ("<slot />", "", set(BOX_CALLS)),
    ("{title}", "{title}{'x' if Astro.slots.has('foot') else ''}", set(BOX_CALLS)),
    ("    wide:", "    width: int = 1\n    wide:", set()),
    ("    title: str = ''\n    wide: bool = False\n", "    wide: bool = False\n    title: str = ''\n", set()),
    ("    title: str = ''\n", "    title: str\n", set(BOX_CALLS)),
    ("    wide:", "    width:", {"wide"}),
    ("{title}{wide}", "{Astro.props.title}", set()),
    ("{title}", "{title}{Astro.attrs}", set(BOX_CALLS)),
    ("kind = 'box'\n", "import asyncio\nkind = await asyncio.sleep(0, 'box')\n", set(BOX_CALLS)),
]


@pytest.mark.parametrize("purpose", [Purpose.RUNNING, Purpose.SERVING])
@pytest.mark.parametrize(("before", "after", "expected"), BOX_CHANGES)
def test_only_those_callers_are_compiled_again_for_which_something_changes(
    write: Write, tmp_path: Path, before: str, after: str, expected: set[str], purpose: Purpose
) -> None:
    """The others are what they would be in a build of which nothing was known; and so is what is said of them."""
    calls = {
        f"components/{name}.astro": f"---\nfrom . import Box\n---\n{call}" for name, call in BOX_CALLS.items()
    }
    root = write({"pages/index.astro": "<p/>", "components/Box.astro": BOX, **calls})
    first = compile_project(root / "pages", build(root), purpose=purpose)
    assert before in BOX and first.is_successful
    write({"components/Box.astro": BOX.replace(before, after)})
    report = compile_project(root / "pages", build(root), purpose=purpose)
    fresh = compile_project(root / "pages", tmp_path / "fresh", purpose=purpose)
    assert report.findings == fresh.findings
    if report.is_successful:
        assert {Path(path).stem for path in report.compiled} == {"Box", *expected}
        assert contents(build(root)) == contents(tmp_path / "fresh")


WAITS = {
    "pages/index.astro": "---\nfrom ..components import Card\n---\n<Card />\n",
    "pages/other.astro": "---\nfrom ..components import Alone\n---\n<Alone />\n",
    "components/Card.astro": "---\nfrom . import Leaf\n---\n<Leaf />\n",
    "components/Leaf.astro": "<i/>\n",
    "components/Alone.astro": "<b/>\n",
    "components/Ping.astro": "---\nfrom . import Pong\nclass Props:\n    n: int\n---\n{n and <Pong n={n - 1} />}\n",
    "components/Pong.astro": "---\nfrom . import Ping\nclass Props:\n    n: int\n---\n{n and <Ping n={n - 1} />}.\n",
    "pages/cycle.astro": "---\nfrom ..components import Ping\n---\n<Ping n={3} />\n",
}
WAITING = "---\nimport asyncio\nawait asyncio.sleep(0)\n---\n<i/>\n"


def coroutines(root: Path) -> set[str]:
    """The modules of a build whose render is a coroutine."""
    modules = {p.relative_to(build(root)).as_posix(): p.read_text() for p in build(root).rglob("*.py")}
    assert all("def render(" in text for path, text in modules.items() if "/_" not in f"/{path}")
    return {path for path, text in modules.items() if "\nasync def render(" in text}


def test_a_component_that_begins_to_wait_makes_its_users_wait(write: Write, tmp_path: Path) -> None:
    root = write(WAITS)
    compiled(root)
    assert coroutines(root) == set()
    for leaf, expected in [
        (WAITING, {"components/Leaf.py", "components/Card.py", "pages/index.py"}),
        (WAITS["components/Leaf.astro"], set()),
    ]:
        write({"components/Leaf.astro": leaf})
        report = compiled(root)
        assert set(report.compiled) == {"components/Leaf.astro", "components/Card.astro", "pages/index.astro"}
        assert coroutines(root) == expected
        compile_project(root / "pages", tmp_path / "fresh")
        assert contents(build(root)) == contents(tmp_path / "fresh")
        assert compiled(root).compiled == []


def test_a_tag_that_nobody_knows_may_wait(write: Write) -> None:
    pages = {
        "pages/variable.astro": "---\nfrom ..components import Leaf\nTag = Leaf\n---\n<Tag />\n",
        "pages/python.astro": "---\nfrom ._lib import Tag\n---\n<Tag />\n",
        "pages/prop.astro": "---\nclass Props:\n    tag: object = 'p'\nTag = tag\n---\n<Tag />\n",
        "pages/loop.astro": "---\nfrom ..components import Leaf\n---\n{<Tag/> for Tag in [Leaf]}\n",
        "pages/text.astro": "---\nbig = True\nTag = 'h1' if big else 'h2'\n---\n<Tag />\n",
        "pages/typed.astro": "---\nclass Props:\n    tag: str = 'p'\nTag = tag\n---\n<Tag />\n",
        "pages/known.astro": "---\nfrom ..components import Leaf as Tag\n---\n<Tag />\n",
    }
    root = write(WAITS | pages | {"pages/_lib.py": "Tag = 'p'\n"})
    compiled(root)
    assert coroutines(root) == {f"pages/{name}.py" for name in ("variable", "python", "prop", "loop")}


def test_who_imports_what_waits_waits_however_it_uses_it(write: Write) -> None:
    uses = {
        "pages/value.astro": "---\nfrom ..components import Leaf\n---\n{Leaf.render()}\n",
        "pages/package.astro": "---\nfrom .. import components\n---\n<components.Leaf />\n",
        "pages/unused.astro": "---\nfrom ..components import Leaf\n---\n<p/>\n",
    }
    root = write(WAITS | uses)
    compiled(root)
    assert coroutines(root) == set()
    write({"components/Leaf.astro": WAITING})
    report = compiled(root)
    assert set(report.compiled) >= {*uses, "pages/index.astro"}
    assert coroutines(root) >= {path.replace(".astro", ".py") for path in uses}


def test_a_cycle_waits_as_a_whole(write: Write, tmp_path: Path) -> None:
    root = write(WAITS)
    compiled(root)
    write(
        {
            "components/Pong.astro": WAITS["components/Pong.astro"].replace(
                "    n: int\n", "    n: int\nimport asyncio\nawait asyncio.sleep(0)\n"
            )
        }
    )
    report = compiled(root)
    assert set(report.compiled) == {"components/Ping.astro", "components/Pong.astro", "pages/cycle.astro"}
    assert coroutines(root) == {"components/Ping.py", "components/Pong.py", "pages/cycle.py"}
    program = "import asyncio\nfrom build.pages import cycle\nprint(asyncio.run(cycle.render()))\n"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root.parent,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert "".join(done.stdout.split()) == "<!DOCTYPEhtml>0.."


def test_what_is_removed_disappears(write: Write, tmp_path: Path) -> None:
    root = write(SITE)
    compiled(root)
    for path in ("pages/404.astro", "pages/api/data.json.py", "middleware.py", "public/robots.txt"):
        (root / path).unlink()
    report = compiled(root)
    assert set(report.removed) == {
        "middleware.py",
        "pages/_404.py",
        "pages/api/__init__.py",
        "pages/api/data_json.py",
        "public/robots.txt",
    }
    assert not (build(root) / "pages/api").exists()
    compile_project(root / "pages", tmp_path / "fresh")
    assert contents(build(root)) == contents(tmp_path / "fresh")


def test_a_component_that_went_is_missed_by_who_imports_it(write: Write) -> None:
    root = write(SITE)
    compiled(root)
    (root / "components/Card.astro").unlink()
    report = compile_project(root / "pages", build(root))
    assert [(d.code, d.path) for d in report.diagnostics] == [("component-not-found", "pages/index.astro")]


def test_a_prop_that_came_is_missed_by_who_calls(write: Write) -> None:
    root = write(SITE)
    compiled(root)
    path = root / "components/Card.astro"
    path.write_text(path.read_text().replace("title: str\n", "title: str\n    level: int\n"))
    report = compile_project(root / "pages", build(root))
    assert [(d.code, d.path) for d in report.diagnostics] == [("missing-prop", "pages/index.astro")]


def test_a_name_that_went_from_a_python_file_is_missed_by_who_imports_it(write: Write) -> None:
    root = write(SITE)
    compiled(root)
    path = root / "lib/util.py"
    path.write_text(path.read_text().replace("def shout", "def cry"))
    report = compile_project(root / "pages", build(root))
    assert sorted((d.code, d.path) for d in report.diagnostics) == [
        ("component-not-found", "pages/index.astro"),
        ("import-not-found", "pages/api/data.json.py"),
    ]
    path.write_text(path.read_text().replace("def cry", "def shout"))
    compiled(root)


def test_a_folder_may_be_named_like_a_file(write: Write) -> None:
    root = write(
        {"pages/index.astro": "<p/>", "pages/x.astro/y.astro": "<p/>", "components/z.py/w.astro": "<i/>"}
    )
    compiled(root)
    assert (build(root) / "pages/x_astro/y.py").exists()
    assert (build(root) / "components/z_py/w.py").exists()


def test_a_build_that_was_changed_by_hand_is_put_right(write: Write) -> None:
    root = write(SITE)
    compiled(root)
    before = contents(build(root))
    (build(root) / "components/Card.py").write_text("x = 1\n")
    (build(root) / "lib/util.py").unlink()
    (build(root) / "more.py").touch()
    compiled(root)
    assert contents(build(root)) == before


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"compiler": 1}', "\xff", "[" * 10_000])
def test_a_damaged_memory_is_no_memory(write: Write, damage: str) -> None:
    root = write(SITE)
    compiled(root)
    before = contents(build(root))
    (build(root) / CACHE).write_text(damage, "latin-1")
    report = compiled(root)
    assert report.compiled == report.components
    assert contents(build(root)) == before


def test_an_entry_of_the_memory_that_is_damaged_is_no_memory(write: Write) -> None:
    root = write(SITE)
    compiled(root)
    file = build(root) / CACHE
    data = json.loads(file.read_text())
    for entry in data["components"].values():
        entry["record"] = {"code": 1}
    file.write_text(json.dumps(data))
    assert len(compiled(root).compiled) == 5


def test_warnings_are_told_again(write: Write) -> None:
    root = write({"pages/index.astro": "<p></b></p>"})
    first = compiled(root).warnings
    assert first
    report = compiled(root)
    assert report.compiled == []
    assert report.warnings == first


def test_progress(write: Write) -> None:
    root = write(SITE)
    calls: list[tuple[int, int]] = []
    compile_project(root / "pages", build(root), progress=lambda done, total: calls.append((done, total)))
    assert calls == [(n, 5) for n in range(1, 6)]


def test_an_output_inside_the_source_root_is_no_source(write: Write) -> None:
    root = write(SITE)
    for _ in range(2):
        report = compile_project(root / "pages", root / "build")
        assert report.is_successful
        assert report.components == sorted(path for path in SITE if path.endswith(".astro"))


def test_paths_may_be_relative(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(SITE)
    monkeypatch.chdir(root / "pages")
    assert compile_project(Path("."), Path("../build")).is_successful
    assert (root / "build/pages/index.py").is_file()
    assert os.listdir(root / "pages")


def test_a_process_that_compiles_again_makes_no_copies_of_itself(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.astro").write_text("<p>x</p>")
    code = """
import os
from pathlib import Path
from pyastro.compiler.project import compile_project
forks = []
fork = getattr(os, "fork", None)
os.fork = lambda: forks.append(1) or fork()
for once in (False, False, True):
    assert compile_project(Path("pages"), Path("build"), once=once).is_successful
assert not forks  # what writes modules was loaded by then
"""
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
