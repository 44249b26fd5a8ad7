"""Mappings with several values for a name."""

import pytest

from pyastro.runtime.multimap import MultiMap


def test_the_first_value_counts() -> None:
    values = MultiMap([("a", "1"), ("b", ""), ("a", "2")])
    assert values["a"] == values.get("a") == "1"
    assert values.get_all("a") == ["1", "2"]
    assert values.get("b") == "" and values["b"] == ""
    assert values.get("c") is None and values.get("c", 3) == 3 and values.get_all("c") == []
    assert "a" in values and values.has("b") and "c" not in values
    assert list(values) == values.keys() == ["a", "b"] and len(values) == 2
    assert values.items() == [("a", "1"), ("b", ""), ("a", "2")]
    assert values.values() == ["1", "", "2"]
    assert dict(values) == {"a": "1", "b": ""}
    with pytest.raises(KeyError):
        values["c"]


def test_equality() -> None:
    assert MultiMap([("a", 1)]) == MultiMap([("a", 1)]) != MultiMap([("a", 2)])
    assert hash(MultiMap([("a", 1)])) == hash(MultiMap([("a", 1)]))
    assert repr(MultiMap([("a", 1)])) == "MultiMap([('a', 1)])"


def test_lists_that_are_given_out_change_nothing() -> None:
    values = MultiMap([("a", 1)])
    values.get_all("a").append(2)
    values.items().clear()
    assert values.get_all("a") == [1] and values.items() == [("a", 1)]
