"""Collections and Markdown pages as sites use them."""

from pathlib import Path

import pytest

from tests.prerender.sites import build, built, text

pytest.importorskip("markdown_it")
pytest.importorskip("yaml")
Captured = pytest.CaptureFixture[str]

CONFIG = """
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pyastro.content import Reference, define_collection


@dataclass
class Author:
    name: str


authors = define_collection("authors", schema=Author)


@dataclass
class Post:
    title: str
    day: date
    author: Annotated[Reference[Author], authors]
    tags: list[str] = field(default_factory=list)
    kind: Literal["note", "essay"] = "note"
    draft: bool = False


blog = define_collection("blog", schema=Post)
"""
FIRST = """---
title: First & best
day: 2024-02-29
author: mira
tags: [a, b]
---
Some *text* by "somebody".

## What's new?

<Note kind="tip">

Inside **too**.

</Note>

```python
x = "<b>"
```
"""
SITE: dict[str, str | bytes] = {
    "content/config.py": CONFIG,
    "content/authors/mira.json": '{\n  "name": "Mira"\n}',
    "content/blog/first.md": FIRST,
    "content/blog/2023/old.md": "+++\ntitle = 'Old'\nday = 2023-01-01\nauthor = 'mira'\ndraft = true\n+++\nold\n",
    "content/blog/_hidden.md": "no front matter",
    "components/Note.astro": "---\nclass Props:\n    kind: str\n---\n<aside class={kind}><slot /></aside>",
    "pages/[...slug].astro": """---
from content.config import Post, blog
from pyastro.content import Entry, get_collection
from ..components import Note

async def get_static_paths():
    posts = await get_collection(blog, lambda entry: not entry.data.draft)
    return [{"params": {"slug": post.id}, "props": {"post": post}} for post in posts]

class Props:
    post: Entry[Post]

Content, headings = await post.render({"Note": Note})
author = await post.data.author.entry()
---
<h1>{post.data.title}</h1><p>{author.data.name}, {post.data.day:%Y}</p>
{[<a href={f"#{each.slug}"}>{each.text}</a> for each in headings]}
<Content />
""",
}


def test_entries_are_checked_typed_and_rendered(tmp_path: Path) -> None:
    assert build(tmp_path, dict(SITE)) == 0
    assert built(tmp_path) == ["first/index.html"]
    html = text(tmp_path, "first/index.html")
    assert html.startswith("<h1>First &amp; best</h1><p>Mira, 2024</p>\n")
    assert '<a href="#whats-new">What’s new?</a>' in html
    assert "<p>Some <em>text</em> by “somebody”.</p>" in html
    assert '<h2 id="whats-new">What’s new?</h2>' in html
    assert '<aside class="tip">\n<p>Inside <strong>too</strong>.</p>\n</aside>' in html
    assert '<pre class="highlight"><code class="language-python">' in html
    assert "&lt;b&gt;" in html


def entry(front: str) -> dict[str, str | bytes]:
    return {**SITE, "content/blog/first.md": f"---\n{front}\n---\nx"}


GOOD = "title: A\nday: 2024-02-29\nauthor: mira"


@pytest.mark.parametrize(
    ("front", "place", "sentence"),
    [
        (
            GOOD.replace("2024-02-29", "soon"),
            "3:1",
            "`day` should be a date such as 2024-02-29, and is text: 'soon'",
        ),
        (GOOD.replace("A", "7"), "2:1", "`title` should be text, and is a whole number: 7"),
        (f"{GOOD}\ntags: [a, 1]", "5:1", "`tags.1` should be text, and is a whole number: 1"),
        (f"{GOOD}\nkind: book", "5:1", "`kind` should be one of 'note', 'essay', and is text: 'book'"),
        (f"{GOOD}\ndraught: true", "5:1", "`draught` is no field of Post; did you mean `draft`?"),
        ("title: A\nday: 2024-02-29", "1:1", "The field `author` of Post is missing"),
        (
            GOOD.replace("mira", "mia"),
            "4:1",
            "`author`: there is no entry 'mia' in the collection 'authors'; did you mean 'mira'?",
        ),
        ("title: [", "3:1", "YAML: "),
    ],
)
def test_an_entry_that_does_not_fit_is_told_at_its_line(
    tmp_path: Path, capsys: Captured, front: str, place: str, sentence: str
) -> None:
    assert build(tmp_path, entry(front)) == 1
    err = capsys.readouterr().err
    assert f"content/blog/first.md:{place}: error: {sentence}" in err
    line = int(place.partition(":")[0])
    shown = ["---", *front.splitlines(), "---"][line - 1]
    assert f"  {line} | {shown}\n    | ^" in err


def test_a_component_in_a_text_has_to_be_closed(tmp_path: Path, capsys: Captured) -> None:
    broken = FIRST.replace("</Note>", "")
    assert build(tmp_path, {**SITE, "content/blog/first.md": broken}) == 1
    assert "content/blog/first.md: <Note> is not closed" in capsys.readouterr().err


def test_a_typed_dict_and_no_schema(tmp_path: Path) -> None:
    config = """
from typing import NotRequired, TypedDict
from pyastro.content import define_collection

class Link(TypedDict):
    url: str
    title: NotRequired[str | None]

links = define_collection("links", schema=Link)
free = define_collection("free")
"""
    page = """---
from content.config import free, links
from pyastro.content import get_collection, get_entry
entries = await get_collection(links)
any = await get_entry(free, "x")
---
<p>{[e.data["url"] for e in entries]!r} {any.data["deep"]["er"]}</p>"""
    files: dict[str, str | bytes] = {
        "content/config.py": config,
        "content/links/a.toml": 'url = "/a"\ntitle = "A"',
        "content/links/b.yaml": "url: /b",
        "content/free/x.json": '{"deep": {"er": 1}}',
        "pages/index.astro": page,
    }
    assert build(tmp_path, files) == 0
    assert text(tmp_path, "index.html") == "<p>[&#39;/a&#39;, &#39;/b&#39;] 1</p>"


def test_a_pydantic_model(tmp_path: Path, capsys: Captured) -> None:
    pytest.importorskip("pydantic")
    config = """
from pydantic import BaseModel, Field
from pyastro.content import define_collection

class Item(BaseModel):
    price: float = Field(gt=0)

items = define_collection("items", schema=Item)
"""
    page = (
        "---\nfrom content.config import items\nall = await items.entries()\n---\n<p>{all[0].data.price}</p>"
    )
    files: dict[str, str | bytes] = {
        "content/config.py": config,
        "content/items/a.yaml": "x: 1\nprice: 2",
        "pages/index.astro": page,
    }
    assert build(tmp_path, files) == 0
    assert text(tmp_path, "index.html") == "<p>2.0</p>"
    assert build(tmp_path, {**files, "content/items/a.yaml": "x: 1\nprice: -2"}) == 1
    assert (
        "content/items/a.yaml:2:1: error: `price`: Input should be greater than 0" in capsys.readouterr().err
    )


LAYOUT = """---
from typing import Any
from pyastro.runtime.headings import Heading
class Props:
    frontmatter: dict[str, Any]
    headings: list[Heading]
    url: str
---
<html><head><title>{frontmatter["title"]}</title></head><body>{url} {len(headings)} {headings[0].slug}<slot /></body></html>
<style>p { margin: 0 }</style>
"""
PAGE = """---
title: About & more
layout: ../layouts/Doc.astro
day: 2024-02-29
components:
  Note: ../components/Note.astro
---
# Hello {world}

<Note kind="tip">

*in*

</Note>

[x](javascript:alert(1)) <b>raw</b>
"""


def test_a_page_in_markdown_has_its_layout(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "pages/about.md": PAGE,
        "pages/plain.md": "---\ntitle: P\n---\nx",
        "pages/_not.md": "x",
        "layouts/Doc.astro": LAYOUT,
        "components/Note.astro": SITE["components/Note.astro"],
    }
    assert build(tmp_path, files) == 0
    assert built(tmp_path) == ["about/index.html", "plain/index.html"]
    html = text(tmp_path, "about/index.html")
    assert "<title" in html and "About &amp; more</title>" in html
    assert "/about/ 1 hello-world<" in html
    assert '<h1 id="hello-world">Hello {world}</h1>' in html
    assert '<aside class="tip">\n<p><em>in</em></p>\n</aside>' in html
    assert "<b>raw</b>" in html and 'href="javascript' not in html
    assert text(tmp_path, "plain/index.html") == '<meta charset="utf-8"><title>P</title>\n<p>x</p>'


@pytest.mark.parametrize(
    ("front", "said"),
    [
        (
            "title: x\nlayout: ../layouts/No.astro",
            "pages/a.md:3:1: error: There is no component or module `No` here.",
        ),
        ("title: x\nlayout: 7", "pages/a.md:3:1: error: `layout` names a component by its path"),
        ("title: x\nprerender: maybe", "pages/a.md:3:1: error: `prerender` is `true` or `false`."),
        ("title: x\n  y: 1", "pages/a.md:3:4: error: YAML: mapping values are not allowed"),
        ("title: x\ncomponents: a", "pages/a.md:3:1: error: `components` maps names to paths"),
    ],
)
def test_front_matter_of_a_page_is_checked(tmp_path: Path, capsys: Captured, front: str, said: str) -> None:
    layout = {"layouts/Other.astro": "<slot />"}
    assert build(tmp_path, {"pages/a.md": f"---\n{front}\n---\nx", **layout}) == 1
    assert said in capsys.readouterr().err
