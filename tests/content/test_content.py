"""Collections and Markdown pages as sites use them."""

import asyncio
import re
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
    assert "Traceback" not in err


def test_a_component_in_a_text_has_to_be_closed(tmp_path: Path, capsys: Captured) -> None:
    broken = FIRST.replace("</Note>", "")
    assert build(tmp_path, {**SITE, "content/blog/first.md": broken}) == 1
    err = capsys.readouterr().err
    assert "content/blog/first.md:11:1: error: `<Note>` is not closed\n  11 | <Note" in err
    closed = FIRST.replace('<Note kind="tip">', "")
    assert build(tmp_path, {**SITE, "content/blog/first.md": closed}) == 1
    assert "content/blog/first.md:15:1: error: `</Note>` closes nothing" in capsys.readouterr().err


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


# ---------------------------------------------------------------- images

DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>'
SHOWN = r'<img src="/_astro/dot\.\w{10}\.svg" alt="A &amp; dot" width="4" height="2" loading="lazy" decoding="async"'
ILLUSTRATED = """
from dataclasses import dataclass
from pyastro.assets import Asset
from pyastro.content import define_collection

@dataclass
class Cover:
    image: Asset

@dataclass
class Post:
    cover: Cover | None = None
    others: list[Asset | str] | None = None

blog = define_collection("blog", schema=Post)
"""
SHOW = """---
from content.config import blog
from pyastro.assets import Image
from pyastro.content import get_entry

post = await get_entry(blog, "2024/first")
Content, _ = await post.render()
---
<Content />
{post.data.cover and <Image src={post.data.cover.image} alt="Cover" width={2} />}
{[<i>{each}</i> for each in post.data.others or []]}
"""


def illustrated(front: str, body: str) -> dict[str, str | bytes]:
    return {
        "content/config.py": ILLUSTRATED,
        "content/blog/2024/first.md": f"---\n{front}\n---\n{body}",
        "content/blog/2024/dot.svg": DOT,
        "content/blog/art/cover.svg": DOT,
        "pages/index.astro": SHOW,
    }


def test_an_image_of_an_entry_is_served_with_its_size(tmp_path: Path) -> None:
    front = "cover:\n  image: ../art/cover.svg\nothers: [dot.svg, https://e.org/x.png]"
    body = 'Text ![A & dot](./dot.svg "Tip")\n\n![far](https://e.org/a.png) ![public](/b.png)\n'
    assert build(tmp_path, illustrated(front, body)) == 0
    html = text(tmp_path, "index.html")
    assert re.search(SHOWN + ' title="Tip">', html)
    assert re.search(r'<img src="/_astro/cover\.\w{10}\.svg" alt="Cover" width="2" height="1"', html)
    assert re.search(r"<i>/_astro/dot\.\w{10}\.svg</i> *<i>https://e.org/x.png</i>", html)
    assert (
        '<img src="https://e.org/a.png" alt="far" />' in html and '<img src="/b.png" alt="public" />' in html
    )
    assert [file for file in built(tmp_path) if file.startswith("_astro/")] == sorted(
        re.findall(r"_astro/(?:dot|cover)\.\w+\.svg", html)[i] for i in (1, 0)
    )


@pytest.mark.parametrize(
    ("front", "body", "said"),
    [
        (
            "others: []",
            "x\n\ny ![a](./dt.svg)",
            "content/blog/2024/first.md:6:1: error: There is no file `./dt.svg`",
        ),
        (
            "others: []",
            "![a](../../../../pyastro.toml)",
            "first.md:4:1: error: `../../../../pyastro.toml` is not inside",
        ),
        ("others: []", "![a](../../config.py)", "first.md:4:1: error: `../../config.py` would be served"),
        ("others: []", "![a](first.md)", "first.md:4:1: error: `first.md` is no image"),
        (
            "cover:\n  image: no.svg",
            "x",
            "first.md:3:1: error: `cover.image`: there is no image 'no.svg' beside this file",
        ),
    ],
)
def test_an_image_that_is_not_there_is_told_at_its_line(
    tmp_path: Path, capsys: Captured, front: str, body: str, said: str
) -> None:
    assert build(tmp_path / "site", illustrated(front, body)) == 1
    assert said in capsys.readouterr().err


def test_a_component_for_images_is_handed_what_is_known_of_them(tmp_path: Path) -> None:
    page = SHOW.replace("post.render()", 'post.render({"img": Figure})').replace(
        "from pyastro.assets import Image",
        "from pyastro.assets import Image\nfrom ..components import Figure",
    )
    figure = "---\nclass Props:\n    src: object\n    alt: str\n---\n<figure>{src.width} {alt}</figure>"
    files = {
        **illustrated("others: []", "![a](dot.svg)"),
        "pages/index.astro": page,
        "components/Figure.astro": figure,
    }
    assert build(tmp_path, files) == 0
    assert "<figure>4 a</figure>" in text(tmp_path, "index.html")


def test_a_pydantic_model_may_ask_for_images(tmp_path: Path) -> None:
    pytest.importorskip("pydantic")
    config = ILLUSTRATED.replace("@dataclass\n", "").replace(": Cover | None = None", ": Asset | None = None")
    config = config.replace("class Cover:", "class Cover(BaseModel):").replace(
        "class Post:", "class Post(BaseModel):"
    )
    config = config.replace("from dataclasses import dataclass", "from pydantic import BaseModel")
    files = {
        **illustrated("cover: dot.svg", "x"),
        "content/config.py": config,
        "pages/index.astro": SHOW.replace("cover.image", "cover"),
    }
    assert build(tmp_path, files) == 0
    assert 'alt="Cover" width="2"' in text(tmp_path, "index.html")


def test_an_image_of_a_page_in_markdown(tmp_path: Path, capsys: Captured) -> None:
    page = '---\ntitle: T\nlayout: ../layouts/Doc.astro\n---\n# A\n\nx\n![A & dot](../images/dot.svg "Tip")\n'
    files: dict[str, str | bytes] = {
        "pages/about.md": page,
        "images/dot.svg": DOT,
        "layouts/Doc.astro": LAYOUT,
    }
    assert build(tmp_path, files) == 0
    assert re.search(SHOWN + ' title="Tip">', text(tmp_path, "about/index.html"))
    assert build(tmp_path, {**files, "pages/about.md": page.replace("dot.svg", "no.svg")}) == 1
    assert (
        "pages/about.md:8:1: error: There is no file `../images/no.svg`. [asset-missing]"
        in capsys.readouterr().err
    )
    assert (
        build(tmp_path, {**files, "pages/about.md": page + "\n<Note>\n", "pages/x.md": ""}) == 0
    )  # a tag of HTML


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


def test_entries_are_listed_by_their_paths_without_what_is_hidden(tmp_path: Path) -> None:
    names = (
        "b.md",
        "a/z.md",
        "a.b.md",
        "a/.hidden.md",
        "_draft.md",
        "_drafts/x.md",
        ".git/x.md",
        "a/n.toml",
        "a.txt",
    )
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "linked.md").symlink_to("b.md")
    (tmp_path / "gone.md").symlink_to("nothing.md")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "same").symlink_to("a")
    from pyastro.content.collection import Collection  # it needs what may not be installed

    collection: Collection[dict[str, object]] = Collection("posts", tmp_path, None)
    entries = asyncio.run(collection.entries())
    assert [entry.id for entry in entries] == ["a/n", "a/z", "a.b", "b", "linked"]
    assert [entry.file.relative_to(tmp_path).as_posix() for entry in entries][:2] == ["a/n.toml", "a/z.md"]
