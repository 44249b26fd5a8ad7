"""Compiling a site again and again in one process: what is remembered never outlives what it was remembered of."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pyastro.compiler.pipeline import Inspection
from pyastro.compiler.project import Memory, Report, compile_project, known_files, tree
from pyastro.compiler.source import Source

SITE = {
    "pages/index.astro": "---\nfrom ..components import Card\nfrom ..lib.words import WORD\n---\n<Card title={WORD} />\n",
    "pages/about.astro": '---\nfrom ..components import Card\n---\n<Card title="About" />\n<img src={asset("../a.svg")}>\n',
    "components/Card.astro": "---\nclass Props:\n    title: str\n---\n<h2>{title}</h2>\n<style>h2 { color: red }</style>\n",
    "lib/words.py": 'WORD = "one"\n',
    "lib/__init__.py": "",
    "a.svg": '<svg width="1" height="1"></svg>',
    "b.svg": '<svg width="2" height="2"></svg>',
    "content/config.py": "from pyastro.content import Collection\n",
    "content/notes/a.md": "![a](../../a.svg)\n",
    "public/site.css": "h1 { color: red }",
}


class Compiler:
    """One process that compiles a site again and again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.memory: Memory | None = None

    def run(self) -> Report:
        report = compile_project(self.root / "pages", self.root / ".pyastro/dev", memory=self.memory)
        self.memory = report.memory
        return report

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def builds(self) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """The build, and the one that is made when nothing is remembered."""
        compile_project(self.root / "pages", self.root.parent / "fresh")
        return contents(self.root / ".pyastro/dev"), contents(self.root.parent / "fresh")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.fixture(params=["files that have just changed", "files that have not"])
def compiler(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compiler:
    """With the second, all that is remembered is made use of, as if every change were some time ago."""
    if request.param == "files that have not":
        monkeypatch.setattr(known_files, "_GRAIN", 0)
    found = Compiler(tmp_path / "site")
    for name, text in SITE.items():
        found.write(name, text)
    assert found.run().is_successful
    return found


def replaced(name: str, before: str, after: str) -> Callable[[Path], object]:
    def edit(root: Path) -> None:
        text = (root / name).read_text()
        assert before in text
        (root / name).write_text(text.replace(before, after))

    return edit


EDITS: dict[str, Callable[[Path], object]] = {
    "a page": replaced("pages/index.astro", "<Card", "<h1>x</h1><Card"),
    "the props of a component": replaced(
        "components/Card.astro", "title: str", 'title: str\n    more: str = ""'
    ),
    "a style": replaced("components/Card.astro", "red", "blue"),
    "a Python file": replaced("lib/words.py", "one", "two"),
    "an initializer": lambda root: (root / "lib/__init__.py").write_text("HERE = 1\n"),
    "an entry": replaced("content/notes/a.md", "a.svg", "b.svg"),
    "an asset": replaced("a.svg", "<svg", "<svg id='x'"),
    "a static file": replaced("public/site.css", "red", "blue"),
    "a new page": lambda root: (root / "pages/new.astro").write_text("<p>new</p>"),
    "a page that goes": lambda root: (root / "pages/about.astro").unlink(),
    "a module that becomes a folder": lambda root: [
        (root / "lib/words").mkdir(),
        (root / "lib/words.py").rename(root / "lib/words/__init__.py"),
    ],
    "settings": lambda root: (root / "pyastro.toml").write_text('base = "/x"\n'),
    "a module of the build": replaced(".pyastro/dev/pages/index.py", "def render", "def rendered"),
    "a file in the build": lambda root: (root / ".pyastro/dev/pages/other.py").write_text("x"),
    "a file of the build that goes": lambda root: (root / ".pyastro/dev/lib/words.py").unlink(),
    "the build that goes": lambda root: shutil.rmtree(root / ".pyastro"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_build_is_what_it_would_be_if_nothing_were_remembered(name: str, compiler: Compiler) -> None:
    EDITS[name](compiler.root)
    report = compiler.run()
    assert report.is_successful and (report.written or report.removed)
    one, other = compiler.builds()
    assert one == other
    assert not compiler.run().written


def test_a_file_is_read_again_though_size_and_time_are_the_same(compiler: Compiler) -> None:
    file = compiler.root / "lib/words.py"
    before = file.stat()
    compiler.write("lib/words.py", 'WORD = "two"\n')
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert "lib/words.py" in compiler.run().written
    assert compiler.builds()[0] == compiler.builds()[1]


def test_an_error_keeps_the_build_and_what_is_remembered(compiler: Compiler) -> None:
    before = contents(compiler.root / ".pyastro/dev")
    text = (compiler.root / "components/Card.astro").read_text()
    compiler.write("components/Card.astro", text.replace("{title}", "{title"))
    assert not compiler.run().is_successful
    assert contents(compiler.root / ".pyastro/dev") == before
    compiler.write("components/Card.astro", text)
    report = compiler.run()
    assert report.is_successful and not report.compiled and not report.written


def test_an_importer_that_is_compiled_again_is_read_once(
    compiler: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspected: list[str] = []
    real = tree.inspect_safely

    def noted(source: Source) -> Inspection:
        inspected.append(source.path)
        return real(source)

    monkeypatch.setattr(tree, "inspect_safely", noted)
    for number in range(3):
        waits = "" if number == 1 else "import asyncio\nawait asyncio.sleep(0)\n"
        compiler.write(
            "components/Card.astro", SITE["components/Card.astro"].replace("class", f"{waits}class")
        )
        inspected.clear()
        assert compiler.run().compiled == ["components/Card.astro", "pages/about.astro", "pages/index.astro"]
        last = list(inspected)
        assert compiler.builds()[0] == compiler.builds()[1]
    assert last == ["components/Card.astro"]


def test_only_what_changed_is_written(compiler: Compiler) -> None:
    module = compiler.root / ".pyastro/dev/components/Card.py"
    before = module.stat().st_ino
    EDITS["a page"](compiler.root)
    report = compiler.run()
    assert report.compiled == ["pages/index.astro"]
    assert sorted(report.written) == [".pyastro-cache.json", "manifest.json", "pages/index.py"]
    assert module.stat().st_ino == before
