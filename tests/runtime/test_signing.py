"""Secrets, and what is signed with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.runtime.errors import SetupError
from pyastro.runtime.signing import Signer, derive_key, read_secrets

OLD, NEW = "o" * 32, "n" * 32


def test_secrets_come_from_the_environment_the_newest_first() -> None:
    assert read_secrets({"PYASTRO_SECRET": OLD}) == (OLD,)
    assert read_secrets({"PYASTRO_SECRET": f" {NEW},\n{OLD} "}) == (NEW, OLD)


@pytest.mark.parametrize("text", [None, "", " , ", "short", f"{OLD} short"])
def test_without_a_good_secret_the_remedy_is_said(text: str | None) -> None:
    with pytest.raises(SetupError, match=r"PYASTRO_SECRET.*secrets\.token_urlsafe\(32\)") as error:
        read_secrets({} if text is None else {"PYASTRO_SECRET": text})
    assert OLD not in str(error.value)


@given(st.text())
def test_what_was_signed_comes_back(text: str) -> None:
    signer = Signer((NEW, OLD), "test")
    assert signer.unsign(signer.sign(text, 1000.7), 1000) == text


def test_nothing_else_does() -> None:
    signer = Signer((OLD,), "test")
    signed = signer.sign("user=1", 1000)
    for place in range(len(signed)):
        assert signer.unsign(signed[:place] + "~" + signed[place + 1 :], 1000) is None
    for other in (
        "",
        "user=1",
        "user=1.1000",
        signed + "A",
        signed[:-1],
        signed.replace("1000", "1001"),
        "..",
        "ä.1.ä",
    ):
        assert signer.unsign(other, 1000) is None
    assert Signer((OLD,), "other").unsign(signed, 1000) is None
    assert Signer((NEW,), "test").unsign(signed, 1000) is None


def test_secrets_are_rotated() -> None:
    signed = Signer((OLD,), "test").sign("a", 1000)
    both = Signer((NEW, OLD), "test")
    assert both.unsign(signed, 1000) == "a"
    assert Signer((NEW,), "test").unsign(both.sign("a", 1000), 1000) == "a"


def test_a_signature_has_an_age() -> None:
    signer = Signer((OLD,), "test")
    signed = signer.sign("a", 1000)
    assert signer.unsign(signed, 1060, max_age=60) == "a"
    assert signer.unsign(signed, 1061, max_age=60) is None
    assert signer.unsign(signed, 10**9) == "a"


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {derive_key(secret, purpose) for secret in (OLD, NEW) for purpose in ("a", "b")}
    assert len(keys) == 4 and {len(key) for key in keys} == {32}
