"""Values against the structure of a page: from the component's source to what a browser makes of its output."""

import asyncio
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from markupsafe import Markup

from pyastro.runtime import trusted
from tests.compiler.lone import compile_text, render_text
from tests.runtime.browser import AWKWARD, body, only

PROP = "---\nclass Props:\n    x: object\n---\n"
INJECTION = "\"'></p></title></textarea></script></style>--><script>alert(1)</script>&amp;<!--"
URLS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "  java\tscript\n:alert(1)",
    "\x01javascript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "DATA:\ttext/HTML;base64,AA==",
]


class Prepared:
    """A component that is compiled once and rendered often."""

    def __init__(self, template: str) -> None:
        self.namespace: dict[str, Any] = {"__name__": "lone"}
        exec(compile(compile_text(PROP + template), "lone.py", "exec"), self.namespace)

    def render(self, x: object) -> str:
        return str(asyncio.run(self.namespace["render"](x=x)))


TEXTS = [
    "<p>{x}</p>",
    "<p>{x and x}</p>",
    "<p>{x if True else <b/>}</p>",
    "<p>{x or ''}</p>",
    "<p>{[x]}</p>",
    "<p>{x for _ in [1]}</p>",
    "<p>{x!s}</p>",
    "<p>{f'{x}'}</p>",
    "<p>{lambda: x}</p>",
    "<p set:text={x} />",
    "<p set:text={x}></p>",
    "<title>{x}</title>",
    "<textarea>{x}</textarea>",
    "<textarea set:text={x} />",
    "<p><slot set:text={x} /></p>",
    "<pre>{x}</pre>",
    "<pre>{''}{x}</pre>",
    "<pre>{x if True else <b/>}</pre>",
    "<pre><>{x}</></pre>",
    "<listing>{# first #}{x or ''}</listing>",
    '<Fragment set:text={x} slot="" />',
]
ATTRIBUTES = [
    "<p a={x} />",
    '<p a=f"{x}" />',
    "<p a=f'{x}' />",
    "<p {**{'a': x}} />",
    '<p a="1" a={x} />',
    "<p A={x} />",
    "<p a={x!s} />",
    "<input a={x}>",
    "<textarea a={x} />",
    "<script a={x} />",
    "<svg><a a={x} /></svg>",
]


@pytest.mark.parametrize("template", TEXTS)
def test_text_comes_back_whole(template: str) -> None:
    component = Prepared(template)

    @settings(max_examples=60)
    @given(AWKWARD)
    def check(x: str) -> None:
        html = component.render(x)
        element = body(html) if template.startswith("<Fragment") else only(html)
        assert (element.text or "") == x
        assert not len(element)

    check()
    assert "<script" not in component.render(INJECTION)


@pytest.mark.parametrize("template", ATTRIBUTES)
def test_attributes_come_back_whole(template: str) -> None:
    component = Prepared(template)

    @settings(max_examples=60)
    @given(AWKWARD)
    def check(x: str) -> None:
        element = only(component.render(x))
        element = element[0] if element.tag.endswith("svg") else element
        assert element.attrib == {"a": x}
        assert not element.text and not len(element)

    check()


@settings(max_examples=100)
@given(AWKWARD)
def test_class_and_style_stay_one_attribute(x: str) -> None:
    assert only(CLASS.render(x)).attrib == {"class": x}
    assert only(STYLE.render(x)).attrib == {"style": x}
    for component in (CLASS_LIST, SPREAD_CLASS_LIST, CLASS_OF_A_TAG):
        classes = only(component.render([x, {x: True}])).attrib
        assert set(classes) == {"class"}
        assert re.findall(r"[^ \t\n\f\r]+", classes["class"]) == [
            "z",
            *re.findall(r"[^ \t\n\f\r]+", x) * 2,
        ]


CLASS = Prepared("<p class={x} />")
CLASS_LIST = Prepared('<p class="z" class:list={x} />')
SPREAD_CLASS_LIST = Prepared('<p class="z" {**{"class:list": x}} />')
CLASS_OF_A_TAG = Prepared('{<T class="z" {**{"class": x}} /> for T in ["p"]}')
STYLE = Prepared("<p style={x} />")
STYLE_DICT = Prepared("<p style={{'color': x, 'top': 0}} />")
STYLE_VARIABLES = Prepared(
    "<style define:vars={{'fg': x}}>p { color: var(--fg) }</style><p style='top: 0'>1</p>"
)
STYLE_IN_PLACE = Prepared(
    "<style is:inline define:vars={{'fg': x}}>p { color: var(--fg) }</style><p style='top: 0'>1</p>"
)
SCRIPT_VARIABLES = Prepared("<script define:vars={{'a': x, 'b': {x: 1}}}>run(a, b)</script>")


@settings(max_examples=100)
@given(AWKWARD)
def test_a_style_stays_one_declaration(x: str) -> None:
    for component in (STYLE_DICT, STYLE_VARIABLES, STYLE_IN_PLACE):
        try:
            html = component.render(x)
        except ValueError:
            continue
        element = body(html)[-1]
        assert set(element.attrib) - {"style"} <= {
            name for name in element.attrib if name.startswith("data-astro")
        }
        assert x in element.attrib["style"] or not x.strip()


@pytest.mark.parametrize(
    "x", ["red;top:1px", "red}p{", "url(a'b);c:d'e)", "u\\72 l(x'a);c:d'e)", "'", "/*", "a\\"]
)
def test_a_style_that_would_not_is_refused(x: str) -> None:
    for component in (STYLE_DICT, STYLE_VARIABLES, STYLE_IN_PLACE):
        with pytest.raises(ValueError, match="is not one CSS value"):
            component.render(x)


@settings(max_examples=100)
@given(AWKWARD)
def test_variables_of_a_script_cannot_end_it(x: str) -> None:
    script = only(SCRIPT_VARIABLES.render(x))
    assert script.tag == "script" and script.text is not None
    found = re.search(r"const a = (.*);\nconst b = (.*);\nrun\(a, b\)", script.text)
    assert found
    assert [json.loads(each) for each in found.groups()] == [x, {x: 1}]


@pytest.mark.parametrize("name", ["a b", "</script>", "a;alert(1)", "class", ""])
def test_the_names_of_variables_are_checked(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a JavaScript constant"):
        Prepared("<script define:vars={x}>1</script>").render({name: 1})
    if name != "class":
        with pytest.raises(ValueError, match="cannot be the name of a CSS property"):
            Prepared("<style define:vars={x}>p{}</style><p>1</p>").render({name: 1})


def test_braces_in_a_comment_are_text() -> None:
    assert Prepared("<!-- {x} --><p>1</p>").render(INJECTION) == "<!-- {x} --><p>1</p>"


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize(
    "template",
    [
        "<a href={x} />",
        "<a HREF={x} />",
        "<a href=f'{x}' />",
        "<a {**{'href': x}} />",
        "<a {**{'hReF': x}} />",
        "<a href='/' href={x} />",
        "<form action={x} />",
        "<button formaction={x} />",
        "<iframe src={x} />",
        "<object data={x} />",
        "<img srcset={x} />",
        "<img srcset={'/a.png 1x, ' + x} />",
        "<a ping={x} />",
        "<video poster={x} />",
        "<body background={x} />",
        "<svg><a xlink:href={x} /></svg>",
        "<svg><animate attributeName='href' values={'/a;' + x} /></svg>",
        "<svg><set to={x} /></svg>",
        "{(lambda T: <T href={x} />)('a')}",
        "{(lambda T: <T {**{'href': x}} />)('a')}",
    ],
)
def test_script_urls_are_neutralised(template: str, url: str) -> None:
    assert "about:blank#blocked" in Prepared(template).render(url)


def test_script_urls_that_are_trusted() -> None:
    assert (
        Prepared("<a href={x} />").render(trusted("javascript:'a'"))
        == '<a href="javascript:&#39;a&#39;"></a>'
    )
    assert "blocked" in Prepared("<a href={x} />").render(Markup("javascript:a"))


@pytest.mark.parametrize(
    "name", ["a b", "a>", "a=", '"', "'", "a/", "", "\x00", "a\n", "<a", "{a", "a`", 1, None]
)
def test_attribute_names_from_data_are_checked(name: Any) -> None:
    for template in ("<p {**x} />", "{(lambda T: <T {**x} />)('p')}"):
        with pytest.raises((ValueError, TypeError)):
            Prepared(template).render({name: 1})


@pytest.mark.parametrize("name", ["onclick", "ONCLICK", "onfuturething", "srcdoc"])
@pytest.mark.parametrize(
    "template", ["<p {**x} />", "{(lambda T: <T {**x} />)('p')}", "{(lambda T: <T a='1' {**x}>2</T>)('p')}"]
)
def test_event_handlers_from_data_are_refused(template: str, name: str) -> None:
    component = Prepared(template)
    with pytest.raises(ValueError, match="comes from data: wrap its value in trusted"):
        component.render({name: "alert(1)"})
    assert f'{name}="f(&#39;&#39;)"' in component.render({name: trusted("f('')")})
    assert name not in component.render({name: None})


def test_the_mapping_cannot_say_that_it_is_trusted() -> None:
    """Dicts that give their items as attributes are common, and their keys are data."""

    class Attributes(dict[str, Any]):
        def __getattr__(self, name: str) -> Any:
            return self.get(name, "")

    data = Attributes({"onclick": "alert(1)", "from_data": "", "is_written": lambda *_: True})
    with pytest.raises(ValueError, match="comes from data"):
        Prepared("<p {**x} />").render(data)


@pytest.mark.parametrize(
    "tag", ["p onclick=x", "script", "STYLE", "a>b", "", "1", "p/", "svg:a", "plaintext", "p\n"]
)
def test_the_names_of_dynamic_tags_are_checked(tag: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of an element"):
        Prepared("{(lambda T: <T>1</T>)(x)}").render(tag)


def test_what_a_dynamic_tag_holds() -> None:
    html = Prepared("{(lambda T: <T a={x}>{x}</T>)('p')}").render(INJECTION)
    element = only(html)
    assert (element.text, element.attrib, len(element)) == (INJECTION, {"a": INJECTION}, 0)


CARD = "---\nclass Props:\n    t: object = ''\n---\n<a {**Astro.attrs}>{t}</a>"


def test_a_handler_of_a_template_stays_trusted_through_attrs() -> None:
    assert render_text(CARD, onclick="f('')") == '<a onclick="f(&#39;&#39;)"></a>'
    assert render_text(CARD, href="javascript:f()") == '<a href="about:blank#blocked"></a>'
    with pytest.raises(ValueError, match="cannot be the name of an attribute"):
        render_text(CARD, **{"a b": 1})


SELF = """---
class Props:
    d: object = None
    t: str = ""
    n: int = 0
---
{n == 0 and CALL}{n == 1 and <a {**Astro.attrs}>{t}</a>}"""


def through_a_component(call: str, d: object) -> str:
    return render_text(SELF.replace("CALL", call), None, d=d)


def test_a_handler_of_data_does_not() -> None:
    call = "<Astro.self n={1} {**(d or {})} />"
    with pytest.raises(ValueError, match="onclick runs script and comes from data"):
        through_a_component(call, {"onclick": "alert(1)"})
    assert through_a_component(call, {"onclick": trusted("f()")}) == '<a onclick="f()"></a>'
    assert through_a_component(call, {"title": INJECTION, "t": INJECTION}).count("<") == 2


def test_a_handler_of_a_template_beside_data() -> None:
    call = "<Astro.self n={1} {**(d or {})} onclick='f()' />"
    assert through_a_component(call, {"title": "x"}) == '<a title="x" onclick="f()"></a>'
    assert through_a_component(call, {"onclick": "alert(1)"}) == '<a onclick="f()"></a>'


def test_what_is_put_into_attrs_later_is_data() -> None:
    source = "---\nclass Props:\n    x: object\nAstro.attrs.update(x)\n---\n<a {**Astro.attrs} />"
    assert render_text(source, None, x={"title": "1"}, onclick="f()") == '<a onclick="f()" title="1"></a>'
    with pytest.raises(ValueError, match="comes from data"):
        render_text(source, None, x={"onclick": "alert(1)"}, onclick="f()")


@pytest.mark.parametrize("name", [1, b"a", ["a"]])
def test_the_names_of_slots_are_checked(name: object) -> None:
    source = SELF.replace("CALL", "<Astro.self n={1}><p slot={d}>1</p></Astro.self>").replace(
        "{t}", "<slot />"
    )
    with pytest.raises(TypeError, match=r"slot=\{…\} takes the name of a slot"):
        render_text(source, None, d=name)


def test_a_slots_content_from_python_is_text_unless_it_is_markup() -> None:
    source = "<p><slot /></p>"
    assert render_text(source, {"default": INJECTION}).count("<") == 2
    assert render_text(source, {"default": Markup("<b>1</b>")}) == "<p><b>1</b></p>"


@pytest.mark.parametrize("template", ["<p>{x}</p>", "<title>{x}</title>", "<p set:text={x} />"])
def test_only_a_type_makes_trusted_html(template: str) -> None:
    class Mock:
        def __getattr__(self, name: str) -> Any:
            return lambda: "<script>"

        def __str__(self) -> str:
            return "<b>"

    component = Prepared(template)
    for value in (Mock(), {"__html__": "<b>"}, type("Text", (str,), {})("<b>")):
        assert "<b>" not in component.render(value)
        assert "<script>" not in component.render(value)
    assert "<b>" in component.render(Markup("<b>"))
