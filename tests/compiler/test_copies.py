"""A component that is written where it is used renders what its call renders; and where it cannot be, it is called."""

import re
import traceback
from pathlib import Path

import pytest

from pyastro.compiler.project import compile_project
from pyastro.compiler.purpose import Purpose
from tests.compiler.fixture_site import render
from tests.compiler.random_sites import RandomSite

BOX = """---
class Props:
    title: str = "<none>"
    level: int = 1
    open: bool = False
    tags: list = ()
    note: str | None = None
---
<section class:list={["box", f"box-{level}", {"is-open": open}]} hidden={not open} {title} data-note={note}>
<h2 id=f"s-{title}">{title}: {level:03d} {len(tags)}</h2>{note and <i>{note}</i>}
<ul>{<li title={tag}>{tag}{[<b>{n}</b> for n in range(level) if n]}</li> for tag in tags}</ul>
<slot name="head">no head of {title}</slot><div><slot /></div>
</section>
"""
WRAP = "<div>\n<slot /></div>\n<style>div { color: red }</style>"
ODD = """---
class Props:
    kind: str
---
<p>{dict(kind=1)} {kind}</p>
"""
EACH = """---
class Props:
    items: list
---
{<p>{item}<slot /></p> for item in items}
"""
HIDES = "{<p>{len}{1.5}</p> for len in (1, 2)}"
PLAIN = """---
class Props:
    kind: object
---
<p>{kind}</p>
"""
KEEPS = """---
class Props:
    kind: str
---
<p>{(lambda: kind)()}</p>
"""


def outcome(folder: Path, page: str, purpose: Purpose) -> tuple[str, int]:
    """A page, and how many components its module holds copies of."""
    (folder / "site/pages").mkdir(parents=True)
    (folder / "site/components").mkdir()
    (folder / "site/pages/index.astro").write_text(page)
    for name, text in {
        "Box": BOX,
        "Wrap": WRAP,
        "Each": EACH,
        "Odd": ODD,
        "Plain": PLAIN,
        "Hides": HIDES,
        "Keeps": KEEPS,
    }.items():
        (folder / f"site/components/{name}.astro").write_text(text)
    (folder / "site/names.py").write_text("def len(x): return 'mine'\n")
    report = compile_project(folder / "site/pages", folder / "build", purpose=purpose)
    assert report.is_successful, report.diagnostics
    module = (folder / "build/pages/index.py").read_text()
    return render(folder), len(re.findall("^# copied:", module, re.MULTILINE))


IMPORT = "from ..components import Box, Each, Hides, Keeps, Odd, Plain, Wrap\n"


@pytest.mark.parametrize(
    ("frontmatter", "template", "copies"),
    [
        ("", "<Box /><Box title='<a>' /><Box title={'<b>'} level={2} open />", 3),
        ("", "<Box title='a' tags={['<', '&']} note='\"'><p slot='head'>H</p>x</Box>", 1),
        (
            "title, level = 'T', 5",
            "{<Box {title} level={n}>{title}{level}</Box> for n in range(3)}{level}",
            1,
        ),
        ("tag, n = 'T', 'N'", "<Box tags={[1, 2]} level={3}>{tag}{n}</Box>{tag}{n}", 1),
        ("", "<Box title='outer'><Box title='inner'>x</Box><b slot='head'>{1}</b></Box>", 1),
        ("", "<Box title='o'><Wrap><Wrap>x</Wrap></Wrap></Box><Wrap><Box title='i' /></Wrap>", 4),
        (
            "",
            "<Wrap>{<Box title={t}>{<Wrap>{t}{u}</Wrap> for u in (1, 2)}</Box> for t in ('a', 'b')}</Wrap>",
            2,
        ),
        ("box_title = 'mine'", "<Box title='a'>{box_title}</Box>", 0),
        ("def len(x): return 'mine'", "<Box title='a' />{len('')}", 0),
        ("from ..names import *", "<Box title='a' />{len('')}", 0),
        ("from ..names import len", "<Box title='a' />{len('')}", 0),
        ("more = {'title': 'S'}", "<Box {**more} /><Box note={None} tags={()} title={''} />", 1),
        (
            "",
            "<Plain kind={<b>markup</b>} /><Box note={1} title={None} level={True} open={0} tags='ab' />",
            1,
        ),
        ("", "<Box title={(x := 'walrus')}>{x}</Box><Box title='y'>{(y := 2)}</Box>{x}{y}", 0),
        ("async def later(): return '<l>'", "<Wrap>{later()}</Wrap><Box>{later()}</Box>", 2),
        (
            "async def later(): return '<l>'",
            "<Box title={await later()} /><Box>{await later()}</Box><Box>x</Box>",
            1,
        ),
        ("", "<Box><Fragment slot='head'>{'f'}</Fragment><slot /></Box>", 1),
        ("", "{True and <Box title='x'>a</Box>}{[<Box title='l' />, <Wrap>w</Wrap>]}", 3),
        ("", "<Box>{[<p slot='head'>1</p>, <p>2</p>]}</Box>", 1),
        ("", "<Odd kind='a' /><Keeps kind='a' />", 0),
        ("Local = Box", "<Local title='x' />", 0),
        ("", "<Wrap anything='b'>x</Wrap>", 0),
        ("", "<Hides /><Box title='a' tags={[1]} />{[<b>{str}</b> for str in (1, 'a')]}{str(2)}", 1),
        ("item = 'mine'", "<Each items={[1, 2]}>{item}</Each>", 0),
        ("", "<svg><Wrap><path/></Wrap></svg><Box title='&lt;&amp;' note=\"it's\" />", 2),
    ],
)
def test_pages(tmp_path: Path, frontmatter: str, template: str, copies: int) -> None:
    page = f"---\n{IMPORT}{frontmatter}\n---\n{template}\n"
    called, none = outcome(tmp_path / "running", page, Purpose.RUNNING)
    written, found = outcome(tmp_path / "serving", page, Purpose.SERVING)
    assert written == called
    assert (none, found) == (0, copies)


def test_many_are_called_again(tmp_path: Path) -> None:
    page = f"---\n{IMPORT}---\n" + "<Box title='a' />\n" * 100
    called, _ = outcome(tmp_path / "running", page, Purpose.RUNNING)
    written, found = outcome(tmp_path / "serving", page, Purpose.SERVING)
    assert written == called
    assert 5 < found < 50


def test_a_build_for_another_purpose_is_made_anew(tmp_path: Path) -> None:
    page = f"---\n{IMPORT}---\n<Wrap>x</Wrap>"
    outcome(tmp_path, page, Purpose.SERVING)
    for purpose, is_copied in ((Purpose.RUNNING, False), (Purpose.SERVING, True), (Purpose.SERVING, True)):
        compile_project(tmp_path / "site/pages", tmp_path / "build", purpose=purpose)
        assert ("# copied:" in (tmp_path / "build/pages/index.py").read_text()) is is_copied


def test_who_holds_a_copy_is_compiled_with_it(tmp_path: Path) -> None:
    outcome(tmp_path, f"---\n{IMPORT}---\n<Wrap>x</Wrap>", Purpose.SERVING)
    (tmp_path / "site/components/Wrap.astro").write_text("<b>\n<slot /></b>")
    report = compile_project(tmp_path / "site/pages", tmp_path / "build", purpose=Purpose.SERVING)
    assert sorted(report.compiled) == ["components/Wrap.astro", "pages/index.astro"]
    assert "<b>" in (tmp_path / "build/pages/index.py").read_text()


def told(folder: Path, site: RandomSite, purpose: Purpose) -> tuple[object, ...]:
    """What comes of a site: the codes of its errors, its page, or what it raises, with the author's line."""
    for name, text in site.files.items():
        (folder / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "site" / name).write_text(text)
    report = compile_project(folder / "site/pages", folder / "build", purpose=purpose)
    if not report.is_successful:
        return tuple(sorted(each.code for each in report.diagnostics))
    try:
        return (render(folder),)
    except Exception as error:  # whatever the page raises
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".astro")]
        return type(error), str(error), [(Path(f.filename).name, f.lineno) for f in frames[-1:]]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("seed", range(50))
def test_random_sites(tmp_path: Path, seed: int) -> None:
    site = RandomSite(seed)
    called = told(tmp_path / "running", site, Purpose.RUNNING)
    assert "compiler-failure" not in called
    assert told(tmp_path / "serving", site, Purpose.SERVING) == called
    assert told(tmp_path / "developing", site, Purpose.DEVELOPING) == called
