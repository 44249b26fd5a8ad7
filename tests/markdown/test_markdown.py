"""Markdown and front matter by themselves."""

from pathlib import Path

import pytest

pytest.importorskip("markdown_it")

from pyastro.markdown import (
    Close,
    FrontMatterError,
    Html,
    Open,
    highlight_css,
    read_document,
    render,
    split_tags,
)
from pyastro.markdown.cache import keep_in
from pyastro.markdown.highlight import highlight


def test_front_matter_in_yaml_and_in_toml() -> None:
    document = read_document("---\na: 1\nb:\n  - x\nc: 2\n---\nbody\n---\n")
    assert (document.data, document.body) == ({"a": 1, "b": ["x"], "c": 2}, "body\n---\n")
    assert document.lines == {"a": 2, "b": 3, "c": 5}
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
    html, headings = render(text)
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


def test_what_was_rendered_is_kept(tmp_path: Path) -> None:
    keep_in(tmp_path / "kept")
    try:
        first = render("# A")
        (file,) = (tmp_path / "kept").iterdir()
        assert render("# A") == first
        file.write_text("damaged")
        assert render("# A") == first
    finally:
        keep_in(None)


def test_tags_are_found_with_their_attributes() -> None:
    html = "<p>a</p><Note a='1' b=\"x &amp; &quot;\" c=2 d>x</Note><Other/><Note />&lt;Note>"
    assert list(split_tags(html, {"Note"})) == [
        Html("<p>a</p>"),
        Open("Note", {"a": "1", "b": 'x & "', "c": "2", "d": True}, False, html[8:45]),
        Html("x"),
        Close("Note"),
        Html("<Other/>"),
        Open("Note", {}, True, "<Note />"),
        Html("&lt;Note>"),
    ]


def test_code_that_pygments_does_not_understand_is_no_error() -> None:
    html = highlight("> GET /\n< 200\n", "http")
    assert "&gt; GET /" in html and 'class="err"' not in html
