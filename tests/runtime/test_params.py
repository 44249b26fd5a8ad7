"""Route parameters and locals."""

import copy
import pickle
from typing import Any

import pytest

from pyastro.runtime.params import Locals, Params


def test_params_are_attributes_and_items() -> None:
    params = Params({"id": "7", "rest": None})
    assert params.id == params["id"] == "7"
    assert params.rest is None
    assert dict(params) == {"id": "7", "rest": None}
    assert len(params) == 2
    assert params.get("no") is None
    assert "id" in params


def test_a_missing_param_names_those_that_exist() -> None:
    with pytest.raises(AttributeError, match="no parameter 'slug' here; there is: id, lang"):
        _ = Params({"id": "7", "lang": "en"}).slug
    with pytest.raises(AttributeError, match="there is: none"):
        _ = Params().slug
    with pytest.raises(KeyError):
        Params()["slug"]


def test_methods_win_over_params() -> None:
    params = Params({"items": "x"})
    assert params["items"] == "x"
    assert list(params.items()) == [("items", "x")]


def test_params_can_be_copied() -> None:
    params = Params({"id": "7"})
    assert copy.deepcopy(params) == params == pickle.loads(pickle.dumps(params))
    assert repr(params) == "Params({'id': '7'})"


def test_params_cannot_be_assigned() -> None:
    params: Any = Params({"id": "7"})
    with pytest.raises(AttributeError):
        params.id = "8"


def test_locals_are_attributes_and_items() -> None:
    values = Locals({"a": 1})
    values.items = ["cart"]
    values["b"] = 2
    assert (values.a, values["items"], values.b, values.get("c", 3)) == (1, ["cart"], 2, 3)
    assert list(values) == ["a", "items", "b"]
    assert len(values) == 3
    assert "a" in values
    del values["a"]
    del values.b
    assert list(values) == ["items"]
    assert repr(values) == "Locals({'items': ['cart']})"


def test_a_missing_local_names_those_that_exist() -> None:
    with pytest.raises(AttributeError, match="no local 'usr' here; there is: user"):
        _ = Locals({"user": 1}).usr
