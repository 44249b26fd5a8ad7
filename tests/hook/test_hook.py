"""Importing components with `pyastro.hook`: as Python's own modules, down to the debugger."""

import asyncio
import importlib
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pyastro.hook import ComponentFinder

SITE = {
    "pages/index.astro": "---\nfrom ..components import Card, ui\nfrom .. import lib\n---\n"
    "<html><body><Card title={lib.words.WORD} /><ui.Badge /></body></html>\n",
    "pages/posts/[slug].astro": "---\nfrom ...components import Card\n---\n<Card title={Astro.params.slug} />\n",
    "components/Card.astro": """\
---
class Props:
    title: str
    tags: list[str] = []

words = title.split()
count = len(words)
if count > 3:
    count = count / len(tags)
---
<h2>{words[0]}</h2>
<ul>
  {<li>{tag.upper()}</li> for tag in tags}
</ul>
<p>{count}</p>
""",
    "components/about-us.astro": "<p>about</p>\n",
    "components/ui/Badge.astro": "<b>badge</b>\n<style is:global>b { color: red }</style>\n",
    "lib/words.py": "WORD = 'hello'\n",
    "lib/__init__.py": "from . import words\n",
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site whose folder Python looks into."""
    for name, text in SITE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", [ComponentFinder(), *sys.meta_path])
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.split(".")[0] in ("components", "pages", "lib", tmp_path.name):
            del sys.modules[name]


def rendered(module: ModuleType, *arguments: Any, **props: Any) -> str:
    return str(asyncio.run(module.render(*arguments, **props)))


def test_a_component_is_a_module(site: Path) -> None:
    from components import Card  # type: ignore[import-not-found]  # the hook finds it

    assert Card.__name__ == "components.Card"
    assert Card.__file__ == str(site / "components/Card.astro")
    assert "<li>A</li>" in rendered(Card, title="x", tags=["a"])
    assert (site / ".pyastro/.gitignore").read_text() == "*\n"


def test_names_that_python_could_not_write(site: Path) -> None:
    from components import about_us

    assert rendered(about_us) == "<p>about</p>"
    module = importlib.import_module("pages.posts.param_slug")
    from pyastro.runtime import Astro, Request

    astro = Astro(request=Request("GET", "http://localhost/posts/x"), params={"slug": "x"})
    assert "<h2" in rendered(module, astro)


def test_a_page_shares_its_modules_with_the_rest_of_the_program(site: Path) -> None:
    """`..` above the first package is the source root; styles and packages of components are found as well."""
    import lib.words  # type: ignore[import-not-found]
    from pages import index  # type: ignore[import-not-found]

    lib.words.WORD = "changed"
    html = rendered(index)
    assert "changed</h2>" in html
    assert "<b>badge</b>" in html
    assert "color: red" in html


def test_the_folder_of_the_site_may_itself_be_a_package(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(site.parent), *(p for p in sys.path if p != str(site))])
    index = importlib.import_module(f"{site.name}.pages.index")
    assert "hello</h2>" in rendered(index)
    assert f"{site.name}.components.Card" in sys.modules
    assert "components.Card" not in sys.modules


def test_reload_takes_up_what_changed(site: Path) -> None:
    from components import Card

    file = site / "components/Card.astro"
    file.write_text(SITE["components/Card.astro"].replace("<p>{count}", "<p>new {count}"))
    assert "<p>1</p>" in rendered(Card, title="x")
    assert importlib.reload(Card) is Card
    assert "<p>new 1</p>" in rendered(Card, title="x")


def test_an_error_of_the_site_is_a_syntax_error_at_its_line(site: Path) -> None:
    file = site / "components/Card.astro"
    file.write_text(SITE["components/Card.astro"].replace("{count}", "{count +}"))
    with pytest.raises(SyntaxError) as caught:
        importlib.import_module("components.Card")
    assert (caught.value.filename, caught.value.lineno) == (str(file), 15)
    assert caught.value.text == "<p>{count +}</p>"
    file.write_text(SITE["components/Card.astro"])
    assert "<p>1</p>" in rendered(importlib.import_module("components.Card"), title="x")


def test_what_is_not_there_is_missing_as_ever(site: Path) -> None:
    import components

    with pytest.raises(ModuleNotFoundError, match=r"components\.Nothing"):
        importlib.import_module("components.Nothing")
    with pytest.raises(ImportError, match="Nothing"):
        exec("from components import Nothing")
    assert not hasattr(components, "nothing")
    assert importlib.util.find_spec("nothing_at_all") is None


def test_a_traceback_shows_the_authors_lines(site: Path) -> None:
    from components import Card

    with pytest.raises(ZeroDivisionError) as caught:
        rendered(Card, title="one two three four")
    text = "".join(traceback.format_exception(caught.value))
    file = site / "components/Card.astro"
    assert f'File "{file}", line 9, in render\n    count = count / len(tags)\n' in text
    assert "            ~~~~~~^~~~~~~~~~~" in text
    with pytest.raises(AttributeError) as second:
        rendered(Card, title="x", tags=[1])
    text = "".join(traceback.format_exception(second.value))
    assert f'File "{file}", line 13, in render\n    {{<li>{{tag.upper()}}</li> for tag in tags}}\n' in text
    assert ".py" not in text[text.index("Card.astro") :]


# ---------------------------------------------------------------- tools, each in a process of its own

PROGRAM = """
import asyncio, pyastro.hook
from components import Card
print(asyncio.run(Card.render(title="a b", tags=["x"])))
"""


def run(site: Path, *command: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=site,
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(site)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_debugger_stops_at_a_line_of_a_component(site: Path) -> None:
    (site / "program.py").write_text(PROGRAM)
    said = run(
        site,
        "-m",
        "pdb",
        "program.py",
        given="import pyastro.hook\nimport components.Card\n"
        "b components/Card.astro:7\nb components/Card.astro:13\nc\np words\nn\np count\nc\np tags\nc\nq\n",
    )
    assert f"> {site}/components/Card.astro(7)render()\n-> count = len(words)" in said
    assert "['a', 'b']" in said
    assert f"> {site}/components/Card.astro(8)render()" in said
    assert f"> {site}/components/Card.astro(13)render()" in said
    assert "(Pdb) ['x']" in said


def test_coverage_counts_the_lines_of_a_component(site: Path) -> None:
    (site / "program.py").write_text(PROGRAM)
    (site / ".coveragerc").write_text("[run]\nplugins = pyastro.hook.coverage\nsource = .\n")
    run(site, "-m", "coverage", "run", "program.py")
    run(site, "-m", "coverage", "json", "-o", "coverage.json")
    files = json.loads((site / "coverage.json").read_text())["files"]
    card = files["components/Card.astro"]
    assert card["missing_lines"] == [9]
    assert {2, 6, 7, 8, 11, 13, 15} <= set(card["executed_lines"])


def test_pytest_needs_one_option(site: Path) -> None:
    (site / "test_card.py").write_text(
        "import asyncio\nfrom components import Card\n\n"
        "def test_card():\n    assert 'a' in asyncio.run(Card.render(title='a'))\n"
    )
    assert "1 passed" in run(
        site, "-m", "pytest", "-q", "-p", "pyastro.hook", "-p", "no:cacheprovider", "test_card.py"
    )
