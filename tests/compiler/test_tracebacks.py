"""A failure in a component is told at the line of the `.astro` file, through a real build."""

import asyncio
import importlib
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from pyastro.compiler.project import compile_project
from pyastro.compiler.purpose import Purpose

CARD = """---
class Props:
    item: dict
price = item["price"]
---
<article>
  <h2>{item["name"]}</h2>
  <p
    title={item["title"]}
  >{price / item["count"]}</p>
  {[
    <li>{
      item["tags"][n]
    }</li>
    for n in range(3)
  ]}
</article>
"""
PAGE = """---
from ..components import Card
item = {"name": "A", "price": 1, "title": "T", "count": 1, "tags": [1, 2, 3]}
item |= {name: Astro.locals[name] for name in Astro.locals}
---
<main>
  <Card item={item}>
    <b>slot</b>
  </Card>
</main>
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "components").mkdir()
    (tmp_path / "pages/index.astro").write_text(PAGE)
    (tmp_path / "components/Card.astro").write_text(CARD)
    report = compile_project(tmp_path / "pages", tmp_path / "build")
    assert report.is_successful
    return tmp_path


def failing_lines(site: Path, **changes: object) -> list[tuple[str, int]]:
    """The `.astro` frames of the failure that a changed item brings."""
    name = f"traced_{site.name}"
    (site / "build").rename(site / name)
    sys.path.insert(0, str(site))
    try:
        index = importlib.import_module(f"{name}.pages.index")
        from pyastro.runtime import Astro

        with pytest.raises(Exception) as caught:  # any of Python's own
            asyncio.run(index.render(Astro(locals=changes)))
    finally:
        sys.path.remove(str(site))
        (site / name).rename(site / "build")
    frames = traceback.extract_tb(caught.value.__traceback__)
    return [(Path(f.filename).name, f.lineno or 0) for f in frames if f.filename.endswith(".astro")]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"price": None}, 10),
        ({"count": 0}, 10),
        ({"name": b"x"}, 7),
        ({"title": b"x"}, 9),
        ({"tags": []}, 13),
    ],
)
def test_lines(site: Path, changes: dict[str, object], line: int) -> None:
    assert failing_lines(site, **changes) == [("index.astro", 7), ("Card.astro", line)]


LEAF = """---
class Props:
    item: dict
    n: int = 1
---
<article>
  <h2>{item["name"]}</h2>
  {item["count"] > 0 and <b>{
    n / item["price"]}</b>}<slot />
</article>
"""
USER = """---
from ..components import Card
item = {"name": "A", "price": 1, "count": 1, "tags": [1, 2, 3]}
item |= {name: Astro.locals[name] for name in Astro.locals}
---
{False and <Card item={item} />}
{<main>
  <Card item={item}>
    {n / len(item["tags"])}
  </Card>
</main> for n in range(2)}
"""


@pytest.mark.parametrize(
    ("changes", "frames"),
    [
        ({"name": b"x"}, [("index.astro", 8), ("Card.astro", 7)]),
        ({"count": None}, [("index.astro", 8), ("Card.astro", 8)]),
        ({"price": 0}, [("index.astro", 8), ("Card.astro", 9)]),
        ({"tags": []}, [("index.astro", 9)]),
    ],
)
def test_a_copy_has_the_lines_of_its_component(
    site: Path, changes: dict[str, object], frames: list[tuple[str, int]]
) -> None:
    (site / "components/Card.astro").write_text(LEAF)
    (site / "pages/index.astro").write_text(USER)
    assert compile_project(site / "pages", site / "build", purpose=Purpose.SERVING).is_successful
    assert (site / "build/pages/index.py").read_text().count("# copied:") == 2
    assert failing_lines(site, **changes) == frames


def test_in_the_terminal(site: Path) -> None:
    """A plain Python program prints the author's line."""
    program = (
        "import asyncio\nfrom build.components import Card\nasyncio.run(Card.render(item={'name': 'A'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=site, capture_output=True, text=True, timeout=30, check=False
    )
    assert 'components/Card.astro", line 4, in render\n    price = item["price"]\n' in done.stderr
    assert done.stderr.rstrip().endswith("KeyError: 'price'")
    assert "build/components/Card.py" not in done.stderr


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("---\ndef f(*a): ...\n---\n<p>\n{f(\n1,\n1/0)}</p>", 7),
        ("<p>{[\nx\nfor x in (1,)\nif 1/0\n]}</p>", 4),
        ("<p>{True and\n1/0}</p>", 2),
        ('<p class:list={[\n"a",\n1/0]}>x</p>', 3),
        ('---\nx = 1\ny = {\n"a":\n1/0}\n---\n<p/>', 5),
        ("---\nx = [1,\n2, 3,\n1/0]\n---\n<p/>", 4),
        ('<Astro.self\na="1"\nb={\n1/0}\n/>', 4),
        ("---\nx = 1\nif x:\n    return x\n---\n<p/>", 4),
        ("---\ndef f(): return 1\nx = 1; return [\n  f()\n][0]\n---\n<p/>", 3),
        ('<p\n{**{}}\na="1"\nb={\n1/0}\n/>', 5),
        ("<p\n{**{}}\na={2}\n{**\n[1/0]}\n/>", 5),
        ("<p>{<b>{\n1/0\n}</b> for x in\n[1]}</p>", 2),
    ],
)
def test_code_that_spans_lines(tmp_path: Path, source: str, line: int) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.astro").write_text(source)
    assert compile_project(tmp_path / "pages", tmp_path / "build").is_successful
    assert failing_lines(tmp_path)[-1] == ("index.astro", line)


WAITING = """---
from ..components import Outer

async def load(item):
    return item["price"]

async def rows(item):
    for tag in item["tags"]:
        yield tag
---
<Outer price={load({})}>
  <b>slot</b>
</Outer>
<Outer price={None}>{
  rows({})
}</Outer>
"""


@pytest.mark.parametrize(
    ("source", "frames"),
    [
        (
            WAITING,
            [("index.astro", 11), ("Outer.astro", 7), ("Inner.astro", 5), ("index.astro", 5)],
        ),
        (
            WAITING.replace("load({})", "None"),
            [
                *[("index.astro", 14), ("Outer.astro", 7), ("Inner.astro", 6), ("Outer.astro", 7)],
                *[("index.astro", 15), ("index.astro", 8)],
            ],
        ),
    ],
)  # fmt: skip
def test_what_waits_in_plain_components(tmp_path: Path, source: str, frames: list[tuple[str, int]]) -> None:
    """What a plain component left to be awaited fails at that component's own line."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "components").mkdir()
    (tmp_path / "pages/index.astro").write_text(source)
    (tmp_path / "components/Outer.astro").write_text(
        "---\nfrom . import Inner\nclass Props:\n    price: object\n---\n<p>\n<Inner price={price}><slot /></Inner></p>\n"
    )
    (tmp_path / "components/Inner.astro").write_text(
        "---\nclass Props:\n    price: object\n---\n<p>{price}</p>\n<slot />\n"
    )
    assert compile_project(tmp_path / "pages", tmp_path / "build").is_successful
    for module in ("components/Inner.py", "components/Outer.py", "pages/index.py"):
        assert "\ndef render(" in (tmp_path / "build" / module).read_text()
    assert failing_lines(tmp_path) == frames
