"""The values of a development page."""

import sys
from dataclasses import dataclass
from types import FrameType
from typing import Any, NoReturn

import pytest

from pyastro.runtime.context import Context
from pyastro.runtime.debug_values import MASK, is_secret, shown, values_of


@pytest.fixture(autouse=True)
def _no_known_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests made a secret of this process is not masked here."""
    monkeypatch.setattr("pyastro.runtime.secret._known", set[str]())


@dataclass
class User:
    name: str
    password: str
    api_key: str


class Raises:
    def __repr__(self) -> NoReturn:
        raise SystemExit


class Lazy:
    """As lazy objects of web frameworks are outside of a request: every question raises."""

    @property  # type: ignore[misc]
    def __class__(self) -> NoReturn:  # type: ignore[override]
        raise RuntimeError

    def __bool__(self) -> NoReturn:
        raise RuntimeError

    def __len__(self) -> NoReturn:
        raise RuntimeError

    def __repr__(self) -> NoReturn:
        raise RuntimeError


class Mapping(dict[str, int]):
    def items(self) -> NoReturn:  # type: ignore[override]
        raise RuntimeError


@pytest.mark.parametrize(
    "name",
    "password db_password passwd secret client_secret token csrfToken tokens key api_key apiKey API-KEY privatekey "
    "authorization Authorization proxy-authorization cookie set-cookie credentials".split(),
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret(name)
    assert shown("hunter2", name) == MASK
    assert "hunter2" not in shown({name: "hunter2"})
    assert "hunter2" not in shown([(name, "hunter2")])


@pytest.mark.parametrize("name", ["title", "monkey", "keyboard", "author", "keynote", "pass_count"])
def test_other_names(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        ("a'b", '"a\'b"'),
        ([1, (2,), (3, 4, 5), {6}, frozenset([7])], "[1, (2,), (3, 4, 5), {6}, frozenset({7})]"),
        ([[], (), set(), {}, ""], "[[], (), set(), {}, '']"),
        ({"a": {"b": 1}}, "{'a': {'b': 1}}"),
        (Mapping(a=1), "{'a': 1}"),
        (list(range(99)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …]"),
        (User("ada", "hun'ter2", "x y"), f"User(name='ada', password={MASK}, api_key={MASK})"),
        ("password=hunter2", "'password=hunter2'"),
    ],
)
def test_what_is_shown(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_repr_that_raises() -> None:
    assert shown([Raises()]) == "[<Raises: its repr raises SystemExit>]"
    assert shown({"a": Lazy()}) == "{'a': <Lazy: its repr raises RuntimeError>}"


def test_everything_is_short() -> None:
    loop: list[Any] = []
    loop.append(loop)
    huge = type("Huge", (), {"__repr__": lambda self: "x='" * 10**6})()
    wide = [["x" * 200] * 50] * 50
    for value in ("x" * 10**7, b"x" * 10**6, loop, huge, wide, dict.fromkeys(range(50), wide)):
        assert len(shown(value)) <= 2000


def test_the_values_of_a_frame() -> None:
    def function(title: str, password: str, context: Context, lazy: Lazy) -> FrameType:
        import json  # noqa: F401

        return sys._getframe()

    found = values_of(function("a", "hunter2", Context(), Lazy()))
    assert found == [
        ("title", "'a'"),
        ("password", MASK),
        ("lazy", "<Lazy: its repr raises RuntimeError>"),
    ]


def test_a_module_shows_none() -> None:
    names: dict[str, Any] = {"sys": sys, "x": 1}
    exec("frame = sys._getframe()", names)
    assert values_of(names["frame"]) == []
