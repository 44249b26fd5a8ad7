"""Attributes of elements."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from pyastro.runtime.astro import AstroProps
from pyastro.runtime.attributes import BOOLEAN_ATTRIBUTES, attribute, attributes
from pyastro.runtime.context import Context
from pyastro.runtime.holes import filled
from pyastro.runtime.markup_value import MarkupValue
from pyastro.runtime.trusted import FromData, Trusted, trusted
from pyastro.runtime.urls import BLOCKED, URL_ATTRIBUTES
from tests.runtime.browser import AWKWARD, only


def one(name: str, value: Any) -> str:
    context = Context()
    return asyncio.run(filled(attribute(context, name, value), context))


def every(*items: Any) -> str:
    context = Context()
    return asyncio.run(filled(attributes(context, *items), context))


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


@pytest.mark.parametrize(
    ("name", "value", "html"),
    [
        ("title", "a<b", ' title="a&lt;b"'),
        ("title", "", ' title=""'),
        ("title", 0, ' title="0"'),
        ("title", 1.5, ' title="1.5"'),
        ("title", None, ""),
        ("title", False, ""),
        ("title", True, " title"),
        ("title", [1, "a"], ' title="[1, &#39;a&#39;]"'),
        ("viewBox", "0 0 1 1", ' viewBox="0 0 1 1"'),
        ("@click.prevent", "f('x')", ' @click.prevent="f(&#39;x&#39;)"'),
        ("aria-hidden", True, ' aria-hidden="true"'),
        ("ARIA-hidden", False, ' ARIA-hidden="false"'),
        ("data-x", False, ' data-x="false"'),
        ("data-x", None, ""),
        ("contenteditable", True, ' contenteditable="true"'),
        ("draggable", False, ' draggable="false"'),
        ("spellcheck", False, ' spellcheck="false"'),
        ("spellcheck", "default", ' spellcheck="default"'),
        ("disabled", 1, " disabled"),
        ("disabled", "", ""),
        ("disabled", [], ""),
        ("CHECKED", "no", " CHECKED"),
        ("hidden", True, " hidden"),
        ("hidden", False, ""),
        ("hidden", "until-found", ' hidden="until-found"'),
        ("download", "a.txt", ' download="a.txt"'),
        ("popover", "manual", ' popover="manual"'),
        ("onclick", "f()", ' onclick="f()"'),
        ("class", "a  b", ' class="a  b"'),
        ("class", "", ' class=""'),
        ("class", ["a", {"b<": True}], ' class="a b&lt;"'),
        ("class", [], ""),
        ("class", None, ""),
        ("style", {"color": "red", "content": "'<'"}, ' style="color:red;content:&#39;&lt;&#39;"'),
        ("style", {"color": None}, ' style=""'),
        ("style", "color: red", ' style="color: red"'),
        ("href", "/a?b&c", ' href="/a?b&amp;c"'),
    ],
)
def test_one_attribute(name: str, value: Any, html: str) -> None:
    assert one(name, value) == html
    assert every((name, value)) == html
    assert one(name, later(later(value))) == html


def test_boolean_attributes_look_at_the_truth() -> None:
    for name in BOOLEAN_ATTRIBUTES:
        assert one(name, "x") == f" {name}"
        assert one(name, 0) == ""


def test_markup_is_text_in_an_attribute() -> None:
    """What a browser sees is `str(value)`, as with any other value."""
    assert one("title", Markup('<b>&amp;"</b>')) == ' title="&lt;b&gt;&amp;amp;&#34;&lt;/b&gt;"'


async def body(write: Any) -> None:
    write("<b>")


@pytest.mark.parametrize("name", ["title", "class", "style", "disabled", "href", "data-x", "onclick"])
@pytest.mark.parametrize("value", [len, lambda: "a", b"a", bytearray(b"a"), MarkupValue(Context(), body)])
def test_what_no_attribute_holds(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=f"the attribute {name} cannot hold a value of the type"):
        one(name, value)
    with pytest.raises(TypeError, match=name):
        every({name if name != "onclick" else "x-onclick": value})


def test_a_function_is_no_event_handler() -> None:
    with pytest.raises(TypeError, match=r"onclick .* so let a <script> add the listener"):
        one("onclick", lambda: 1)


async def numbers() -> AsyncIterator[int]:
    yield 1


@pytest.mark.parametrize("name", ["title", "style", "disabled", "href", "data-x"])
@pytest.mark.parametrize(
    "make", [lambda: (n for n in "ab"), lambda: iter([1]), lambda: map(str, [1]), numbers]
)
def test_an_iterator_is_no_text(name: str, make: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=r"cannot hold a value of the type \w+: make one text of its items"):
        one(name, make())
    with pytest.raises(TypeError, match="make one text of its items"):
        every({name: make()})


def test_classes_may_come_from_an_iterator() -> None:
    assert one("class", (n for n in "ab")) == ' class="a b"'


@pytest.mark.parametrize("name", ["set:html", "set:text", "is:raw", "is:inline", "is:global", "define:vars"])
def test_a_directive_cannot_be_spread(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} speaks to the compiler"):
        every({name: "x"})


def test_a_class_list_can_be_spread() -> None:
    assert every({"class:list": ["a", {"b": 1}]}) == ' class="a b"'
    assert every({"class": "a", "class:list": {"b": 0, "c": 1}}) == ' class="a c"'


# ---------------------------------------------------------------- URLs


@pytest.mark.parametrize("name", [*sorted(URL_ATTRIBUTES), "HREF", "Href", "XLINK:href", "formAction"])
def test_script_urls_are_blocked_in_every_url_attribute(name: str) -> None:
    blocked = f' {name}="{BLOCKED}"'
    assert one(name, "java\nscript:alert(1)") == blocked
    assert every((name, "javascript:x")) == every({name: "javascript:x"}) == blocked
    assert one(name, trusted("javascript:x")) == f' {name}="javascript:x"'


def test_an_object_is_checked_by_its_text() -> None:
    class Url:
        def __str__(self) -> str:
            return "javascript:x"

    assert one("href", Url()) == one("href", Markup("javascript:x")) == f' href="{BLOCKED}"'
    assert one("title", "javascript:x") == ' title="javascript:x"'


def test_what_is_trusted_is_escaped_all_the_same() -> None:
    assert isinstance(trusted(1), Trusted)
    assert every({"onclick": trusted('f("<")')}) == ' onclick="f(&#34;&lt;&#34;)"'


# ---------------------------------------------------------------- several


def test_the_later_wins_at_the_place_of_the_first() -> None:
    assert every(("a", 1), {"b": 2, "A": 3}, ("b", None), ("c", 4)) == ' a="3" c="4"'
    assert every({"a": 1, "b": 1}, ("a", "")) == ' a="" b="1"'
    assert every() == every(None) == every({}) == ""


def test_classes_are_joined() -> None:
    assert every(("class", "a"), {"class": ["b", None]}, ("CLASS", {"c": 1})) == ' class="a b c"'
    assert every(("class", "a"), {"class": None}) == every(("class", "a"), {"class": False}) == ' class="a"'
    assert every(("class", None), {"class": "b"}) == ' class="b"'
    assert every(("class", later("a")), {"class": later(["b"])}) == ' class="a b"'


def test_what_is_awaited_and_then_replaced() -> None:
    assert every(("a", later(1)), {"a": later(2)}) == ' a="2"'


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "a b",
        "a\tb",
        "a\nb",
        "a=b",
        "a>b",
        "a/b",
        '"',
        "'",
        "<a",
        "a\x00",
        "\x7f",
        "\x85",
        "\ufdd0",
        "\uffff",
        1,
        None,
    ],
)
def test_names_that_html_cannot_hold(name: Any) -> None:
    with pytest.raises(ValueError, match="cannot be the name of an attribute"):
        every({name: "x"})


@pytest.mark.parametrize(
    "name", ["a", "data-x.y:z", "@click", ":class", "x-on:click.prevent", "xlink:href", "é", "v_1", "#a"]
)
def test_names_that_html_can_hold(name: str) -> None:
    assert every({name: "x"}) == f' {name}="x"'


@pytest.mark.parametrize("name", ["onclick", "ONCLICK", "onLoad", "on", "on-x", "srcdoc", "SrcDoc"])
def test_what_runs_script_is_refused_from_data(name: str) -> None:
    for value in ("alert(1)", True, 1, FromData("x")):
        with pytest.raises(ValueError, match=f"the attribute {name} runs script and comes from data"):
            every({name: value})
    assert every({name: None}) == every({name: False}) == ""
    assert every({name: trusted("x")}) == every((name, "x")) == f' {name}="x"'


def test_what_a_template_wrote_stays_trusted_on_its_way() -> None:
    props = AstroProps({"onclick": "f()", "id": "a"})
    assert every(props) == ' onclick="f()" id="a"'
    with pytest.raises(ValueError):
        every(AstroProps({"onclick": FromData("f()")}))
    props["onclick"] = "g()"
    with pytest.raises(ValueError):
        every(props)
    with pytest.raises(ValueError):
        every(dict(AstroProps({"onclick": "f()"})))


@pytest.mark.parametrize("spread", [[("a", 1)], "a", 1, {"a"}])
def test_only_mappings_are_spread(spread: Any) -> None:
    with pytest.raises(TypeError, match="takes a mapping, not"):
        every(spread)


# ---------------------------------------------------------------- a browser


NAMES = st.sampled_from(["title", "data-x", "alt", "id", "value", "x-y", "viewbox", "aria-label"])


@given(NAMES, AWKWARD)
def test_a_value_comes_back_whole(name: str, value: str) -> None:
    element = only(f"<p{one(name, value)}>x</p>")
    assert (element.attrib, element.text, len(element)) == ({name: value}, "x", 0)


@given(st.dictionaries(AWKWARD | st.sampled_from(["a", "onx", "x y", "a/b", 'a"b']), AWKWARD, max_size=4))
def test_a_spread_gives_its_attributes_or_an_error(mapping: dict[str, str]) -> None:
    mapping = {name: value for name, value in mapping.items() if name.lower() not in ("class", "style")}
    try:
        html = every(mapping)
    except ValueError:
        return
    element = only(f"<p{html}>x</p>")
    lowered = {_ascii_lower(name): value for name, value in mapping.items()}
    assert (element.attrib, element.text, len(element)) == (lowered, "x", 0)


def _ascii_lower(name: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in name)


@given(AWKWARD, AWKWARD)
def test_classes_and_styles_come_back_whole(name: str, text: str) -> None:
    element = only(f"<p{one('class', [name])}{one('style', text)}>x</p>")
    assert element.get("class", "").split() == name.split()
    assert element.get("style") == text
