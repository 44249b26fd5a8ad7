"""Mappings with several values for a name."""

import pytest

from pyastro.runtime.multimap import MultiMap


def test_the_first_value_counts() -> None:
    values = MultiMap([("a", "1"), ("b", ""), ("a", "2")])
    assert values["a"] == values.get("a") == "1"
    assert values.get_all("a") == ["1", "2"]
    assert values.get("b") == ""
    assert values["b"] == ""
    assert values.get("c") is None
    assert values.get("c", 3) == 3
    assert values.get_all("c") == []
    assert "a" in values
    assert values.has("b")
    assert "c" not in values
    assert list(values) == values.keys() == ["a", "b"]
    assert len(values) == 2
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
    assert values.get_all("a") == [1]
    assert values.items() == [("a", 1)]
