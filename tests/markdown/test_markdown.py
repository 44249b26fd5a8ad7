"""Markdown and front matter by themselves."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import sampled_from, text

pytest.importorskip("markdown_it")

from markdown_it import MarkdownIt

from pyastro.markdown import (
    Close,
    FrontMatterError,
    Html,
    Open,
    Picture,
    Rendered,
    highlight_css,
    read_document,
    render,
    split_tags,
)
from pyastro.markdown import cache as markdown_cache
from pyastro.markdown.cache import keep_in
from pyastro.markdown.highlight import highlight
from pyastro.markdown.rendering import _parser


def test_front_matter_in_yaml_and_in_toml() -> None:
    document = read_document("---\na: 1\nb:\n  - x\nc: 2\n---\nbody\n---\n")
    assert (document.data, document.body) == ({"a": 1, "b": ["x"], "c": 2}, "body\n---\n")
    assert document.lines == {"a": 2, "b": 3, "b.0": 4, "c": 5}
    document = read_document("+++\r\na = 1\r\n[b]\r\nx = 1\r\n+++\r\nbody")
    assert (document.data, document.body) == ({"a": 1, "b": {"x": 1}}, "body")
    assert document.lines["b"] == 3
    assert read_document("no front").body == "no front"
    assert read_document("---\n---\n").data == {}


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("---\na: 1\n", 1, "a line `---` is missing"),
        ("---\na: 1\nb: [\n---\n", 4, "YAML"),
        ("---\n- a\n---\n", 2, "Names with values"),
        ("+++\na = \n+++\n", 2, "TOML: Invalid value"),
        ("---\na: !!python/object:os.system x\n---\n", 2, "could not determine a constructor"),
    ],
)
def test_front_matter_that_cannot_be_read(text: str, line: int, sentence: str) -> None:
    with pytest.raises(FrontMatterError, match=sentence) as caught:
        read_document(text)
    assert caught.value.line == line


def test_what_markdown_knows() -> None:
    text = "| a |\n|---|\n| b |\n\n~~c~~ d[^1]\n\n- [x] e\n\n[^1]: f\n\n## G `h`\n\n## G h\n"
    html, headings, *_ = render(text)
    for part in ("<td>b</td>", "<s>c</s>", 'class="footnote-ref"', 'type="checkbox"'):
        assert part in html
    assert headings == [(2, "g-h", "G h"), (2, "g-h-1", "G h")]


def test_code_is_coloured_where_its_language_is_known() -> None:
    assert '<span class="k">def</span>' in render("```python\ndef f(): ...\n```").html
    assert (
        render("```nonsense\n<a>\n```").html
        == '<pre><code class="language-nonsense">&lt;a&gt;\n</code></pre>\n'
    )
    css = highlight_css("default", dark="monokai")
    assert css.startswith(".highlight") and "@media (prefers-color-scheme: dark)" in css


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """A folder in which what is rendered is kept."""
    keep_in(tmp_path / "kept")
    yield tmp_path / "kept"
    keep_in(None)


def rendered_count(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are rendered from now on, and not found."""
    texts: list[str] = []
    parser = _parser()
    parse = parser.parse
    monkeypatch.setattr(
        parser, "parse", lambda text, environment: (texts.append(text), parse(text, environment))[1]
    )
    return texts


def test_what_was_rendered_is_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = rendered_count(monkeypatch)
    text = "# A\n\n![*b*](c.png 'd') <b>é</b>\n"
    first = render(text)
    assert render(text) == first
    keep_in(kept)
    assert (render(text), texts) == (first, [text])
    keep_in(kept, "another version of a library")
    assert (render(text), texts) == (first, [text, text])


def test_what_is_kept_after_another_run_has_tidied_is_found(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = rendered_count(monkeypatch)
    render("# A")
    for file in kept.iterdir():
        file.unlink()
    render("# B")
    keep_in(kept)
    render("# B")
    assert texts == ["# A", "# B"]


def test_what_was_kept_and_is_damaged_is_rendered_again(kept: Path) -> None:
    first = render("# A")
    (file,) = kept.iterdir()
    whole = file.read_bytes()
    for data in (b"damaged", whole[:-5], whole[:-5] + b"\n", whole.replace(b"[", b"{"), b"\n\n" + whole):
        file.write_bytes(data)
        keep_in(kept)
        assert render("# A") == first


def test_copies_of_the_process_see_what_the_others_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = rendered_count(monkeypatch)
    monkeypatch.setattr(markdown_cache, "_PAUSE", 0)
    render("# A")
    monkeypatch.setattr(os, "getpid", lambda: -1)
    render("# B")
    keep_in(kept)
    assert len(list(kept.iterdir())) == 2
    render("# A")
    (kept / "theirs.jsonl").write_bytes(b"".join(file.read_bytes() for file in kept.iterdir()))
    render("# B")
    assert texts == ["# A", "# B"]


def test_many_files_become_one(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = rendered_count(monkeypatch)
    for number in range(40):
        monkeypatch.setattr(os, "getpid", lambda number=number: -1 - number)
        render(f"# {number}")
    assert len(list(kept.iterdir())) == 40
    keep_in(kept)
    assert len(list(kept.iterdir())) == 1
    assert [render(f"# {number}").headings[0][2] for number in range(40)] == [str(n) for n in range(40)]
    assert len(texts) == 40


def test_tags_are_found_with_their_attributes() -> None:
    html = "<p>a</p><Note a='1' b=\"x &amp; &quot;\" c=2 d>x</Note><Other/><Note />&lt;Note>"
    assert list(split_tags(Rendered(html, ()), {"Note"})) == [
        Html("<p>a</p>"),
        Open("Note", {"a": "1", "b": 'x & "', "c": "2", "d": True}, False, html[8:45], 1),
        Html("x"),
        Close("Note", 1),
        Html("<Other/>"),
        Open("Note", {}, True, "<Note />", 1),
        Html("&lt;Note>"),
    ]


def test_tags_and_images_know_their_lines() -> None:
    text = """# A

one
two ![*b* c](img/a%20b.png "T") and <Note>x</Note>

<Note
  kind="tip">

> ![](c.svg)

</Note>

| ![d](d.jpg) |
|---|
"""
    rendered = render(text)
    pieces = list(split_tags(rendered, {"Note"}))
    assert "".join(p.html for p in pieces if isinstance(p, Picture)).count("<img ") == 3
    assert [(each.path, each.alt, each.title) for each in rendered.images] == [
        ("img/a b.png", "b c", "T"),
        ("c.svg", "", ""),
        ("d.jpg", "d", ""),
    ]
    found = [(type(each).__name__, each.line) for each in pieces if not isinstance(each, Html)]
    assert found == [
        ("Picture", 4),
        ("Open", 4),
        ("Close", 4),
        ("Open", 6),
        ("Picture", 9),
        ("Close", 11),
        ("Picture", 13),
    ]


@pytest.mark.parametrize(
    "source",
    ["/a.png", "https://e.org/a.png", "//e.org/a.png", "data:image/png;base64,x", "a.svg#b", "a.png?x", ""],
)
def test_an_image_that_is_elsewhere_stays_as_it_is(source: str) -> None:
    rendered = render(f"![a]({source})")
    assert not rendered.images
    assert rendered.html == f'<p><img src="{source}" alt="a" /></p>\n'


@given(text("aZ0-./#?=&_:%ä ", max_size=12), sampled_from(["", "https://", "http://e.org", "mailto:"]))
def test_addresses_are_those_that_the_library_makes(end: str, start: str) -> None:
    assert _parser().normalizeLink(start + end) == MarkdownIt().normalizeLink(start + end)


def test_nothing_in_a_text_passes_for_a_mark() -> None:
    rendered = render("a\0" + '1 [1, "x", "", ""]\0 &#0; <b\0>')
    assert not rendered.images
    assert "\0" not in rendered.html


def test_each_value_of_front_matter_has_its_line_and_aliases_end() -> None:
    lines = read_document("---\na:\n  b: 1\n  c:\n    - x\n    - y\n---\n").lines
    assert lines == {"a": 2, "a.b": 3, "a.c": 4, "a.c.0": 5, "a.c.1": 6}
    laughs = "a0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )
    assert len(read_document(f"---\n{laughs}---\n").lines) == 82
    assert read_document("---\na: &a\n  b: *a\n---\n").lines == {"a": 2, "a.b": 3}


def test_code_that_pygments_does_not_understand_is_no_error() -> None:
    html = highlight("> GET /\n< 200\n", "http")
    assert "&gt; GET /" in html and 'class="err"' not in html


def test_the_frontmatter_of_a_component_is_python() -> None:
    html = highlight('---\nimport os\n\nx = "<"\n---\n<p class="a">{x}</p>\n', "astro")
    assert html.startswith(
        '<pre class="highlight"><code class="language-astro">---\n<span class="kn">import</span>'
    )
    assert '<span class="nt">p</span>' in html and "&lt;" in html
    assert re.sub("<[^>]*>", "", html).startswith('---\nimport os\n\nx = "&lt;"\n---\n&lt;p')
    assert highlight("<p></p>\n", "astro").count("<span") == highlight("<p></p>\n", "html").count("<span")
