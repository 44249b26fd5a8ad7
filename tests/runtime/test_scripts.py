"""`define:vars` on a `<script>`."""

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.scripts import define_vars
from tests.runtime.browser import AWKWARD, only


def test_constants() -> None:
    values = {"a": 1, "b": "é", "c": [1.5, None, True], "$d": {"x": {}}, "größe": "", "e_1$": ()}
    assert define_vars(values) == (
        'const a = 1;\nconst b = "é";\nconst c = [1.5,null,true];\nconst $d = {"x":{}};\n'
        'const größe = "";\nconst e_1$ = [];\n'
    )
    assert define_vars({}) == ""


def test_nothing_ends_the_script() -> None:
    written = define_vars({"a": "</script><!--<script>-->]]>&\u2028\u2029\ud800", "b": {"</script>": 1}})
    assert not re.search("[<>&\u2028\u2029\ud800]", written)
    assert "\\u003c/script\\u003e\\u003c!--" in written
    assert "\\u2028\\u2029\\ud800" in written


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a-b",
        "1a",
        "a b",
        "a;alert(1)",
        "class",
        "let",
        "await",
        "a\n",
        "</script>",
        "a\u2028",
        "a.b",
        1,
        None,
        "×",
    ],
)
def test_names(name: Any) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a JavaScript constant"):
        define_vars({name: 1})


@pytest.mark.parametrize("value", [date(2024, 1, 1), {1}, b"", object(), {(1, 2): 3}])
def test_values_that_json_cannot_hold(value: Any) -> None:
    with pytest.raises(TypeError, match="define:vars cannot give when to JavaScript"):
        define_vars({"when": value})


def test_values_that_json_has_no_words_for() -> None:
    endless: list[Any] = []
    endless.append(endless)
    for value in (float("nan"), float("inf"), endless):
        with pytest.raises(ValueError):
            define_vars({"a": value})


@pytest.mark.parametrize("values", [None, [("a", 1)], {"a"}, "a"])
def test_only_a_dict_has_names(values: Any) -> None:
    with pytest.raises(TypeError, match="define:vars takes a dict, not"):
        define_vars(values)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | AWKWARD | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(AWKWARD, inner, max_size=3),
    max_leaves=6,
)


@given(JSON)
def test_values_come_back_whole(value: Any) -> None:
    """A browser sees one script element, whose text is one line of JSON."""
    script = only(f"<script>{define_vars({'a': value})}</script>")
    assert script.text is not None
    found = re.fullmatch(r"const a = (.*);\n", script.text)
    assert found and json.loads(found[1]) == value
