"""Header fields."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.headers import Headers, is_token


def test_names_are_compared_without_case_and_kept_as_first_given() -> None:
    headers = Headers({"Content-Type": "text/html"})
    headers["content-TYPE"] = "text/plain"
    headers.append("X-A", "1")
    headers.append("x-a", "2")
    assert headers["CONTENT-type"] == "text/plain"
    assert headers.items() == [("content-TYPE", "text/plain"), ("X-A", "1"), ("x-a", "2")]
    assert list(headers) == ["content-TYPE", "X-A"]
    assert len(headers) == 2
    assert headers.values() == ["text/plain", "1", "2"]


def test_several_values_are_joined() -> None:
    headers = Headers([("a", "1"), ("A", "2")])
    assert headers.get("a") == headers["a"] == "1, 2"
    assert headers.get_all("a") == ["1", "2"]
    assert dict(headers) == {"a": "1, 2"}


def test_what_is_not_there() -> None:
    headers = Headers()
    assert headers.get("a") is None
    assert headers.get("a", "x") == "x"
    assert headers.get_all("a") == []
    assert "a" not in headers
    assert not headers.has("a")
    assert 1 not in headers
    headers.delete("a")
    with pytest.raises(KeyError):
        headers["a"]
    with pytest.raises(KeyError):
        del headers["a"]


def test_an_empty_value_is_a_value() -> None:
    headers = Headers({"a": ""})
    assert headers.get("a") == ""
    assert headers.has("a")
    assert headers["a"] == ""


def test_removing() -> None:
    headers = Headers([("a", "1"), ("A", "2"), ("b", "3")])
    del headers["A"]
    headers.delete("B")
    assert headers.items() == []


def test_a_copy_is_its_own() -> None:
    first = Headers({"a": "1"})
    second = first.copy()
    second.append("a", "2")
    assert first["a"] == "1"
    assert first == Headers({"A": "1"})
    assert first != second
    assert first != {"a": "1"}
    assert repr(second) == "Headers([('a', '1'), ('a', '2')])"


@pytest.mark.parametrize(
    "value", ["a\r\nb: c", "a\nb", "a\rb", "a\0b", "\n", "a\x0bb", "a\x7fb", "€", "\ud800"]
)
def test_values_that_http_refuses(value: str) -> None:
    headers = Headers()
    for change in (headers.set, headers.append, headers.__setitem__):
        with pytest.raises(ValueError, match="'x'"):
            change("x", value)
    with pytest.raises(ValueError):
        Headers({"x": value})
    with pytest.raises(ValueError):
        Headers([("x", value)])
    assert headers.items() == []


@pytest.mark.parametrize("name", ["", "a b", "a:", "a\r\nb", "é", "a\n", '"', "(a)", "a\0"])
def test_names_that_http_refuses(name: str) -> None:
    headers = Headers()
    for change in (headers.set, headers.append, headers.__setitem__):
        with pytest.raises(ValueError):
            change(name, "x")
    assert not is_token(name)


def test_white_space_around_a_value_is_dropped() -> None:
    assert Headers({"a": " \tx y\t "})["a"] == "x y"


def test_one_character_is_one_byte() -> None:
    assert Headers({"a": "é"})["a"].encode("latin-1") == b"\xe9"


def test_a_value_must_be_a_str() -> None:
    with pytest.raises(TypeError, match="'content-length' must be a str, not int"):
        Headers()["content-length"] = 5  # type: ignore[assignment]  # the mistake that is tested


def test_headers_are_no_keys() -> None:
    with pytest.raises(TypeError):
        hash(Headers())


@given(
    st.lists(
        st.tuples(
            st.binary(min_size=1, max_size=6) | st.sampled_from([b"a", b"A", b"x-b"]), st.binary(max_size=8)
        )
    )
)
def test_fields_as_they_come_are_those_of_their_text(fields: list[tuple[bytes, bytes]]) -> None:
    def outcome(make: Callable[[], Headers]) -> object:
        try:
            return make().items()
        except ValueError:
            return None

    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields]
    assert outcome(lambda: Headers.received(fields)) == outcome(lambda: Headers(pairs))


def test_all_but_some() -> None:
    headers = Headers([("A", "1"), ("b", "2"), ("a", "3"), ("C", "4")])
    assert headers.items_without({"a", "b"}) == [("C", "4")]
    assert headers.items_without(()) == headers.items()
