"""Class lists."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.classes import class_list, joined_props


@pytest.mark.parametrize(
    ("value", "classes"),
    [
        ("a", "a"),
        ("  a \n b\t", "  a \n b\t"),
        (["  a \n b\t", "c"], "  a \n b\t c"),
        ("", ""),
        (None, ""),
        (True, ""),
        (False, ""),
        (["a", None, False, True, "", "b c"], "a b c"),
        (("a", ["b", ("c",)]), "a b c"),
        ({"a": True, "b": 0, "c d": "yes", "e": None}, "a c d"),
        (["a", {"b": True, "c": False}, ["d", ["e"]], None, False, "f g"], "a b d e f g"),
        ({("a", "b"): True}, "a b"),
        ((name for name in "ab"), "a b"),
        ({"c", "a", "b"}, "a b c"),
        (frozenset({"b c", "a"}), "a b c"),
        (["a", "a"], "a a"),
        (["m-1", 2, 0, 0.0], "m-1 2"),
        ("a\u00a0b", "a\u00a0b"),
        ([], ""),
    ],
)
def test_classes(value: Any, classes: str) -> None:
    assert class_list(value) == classes


@pytest.mark.parametrize("value", [b"a", [bytearray(b"a")], len, [lambda: "a"], {len: True}])
def test_what_is_no_class(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be a class"):
        class_list(value)


NESTED = st.recursive(
    st.none() | st.booleans() | st.text('ab <"\n', max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text("ab ", max_size=3), inner, max_size=3)
    | st.tuples(inner, inner),
    max_leaves=6,
)


@given(NESTED)
def test_the_classes_are_those_of_the_texts(value: Any) -> None:
    classes = class_list(value)
    assert classes.split() == [name for text in texts(value) for name in text.split()]
    assert class_list([classes, None]) == classes


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [name for name, is_on in value.items() if is_on]
    if isinstance(value, list | tuple):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []


def test_classes_of_several_mappings_are_joined_on_an_element() -> None:
    parts = {"class": "a", "id": 1}, {"id": 2, "class": ["b", {"c": 1}]}
    assert joined_props("p", *parts) == {"class": "a b c", "id": 2}
    assert joined_props(object(), *parts) == {"class": ["b", {"c": 1}], "id": 2}
    assert joined_props("p", {"class": None}, {"class": {"a": 1}}) == {"class": {"a": 1}}
    assert joined_props("p", {"class": "a"}, {"class": None}, {}) == {"class": "a"}
