"""The beginning of elements of which HTML drops a newline."""

import pytest

from pyastro.runtime import Context, keep_newline, newline_keeper


@pytest.mark.parametrize(
    ("text", "written"), [("\nx", "\n\nx"), ("\r\nx", "\n\r\nx"), ("\rx", "\n\rx"), ("x\n", "x\n"), ("", "")]
)
def test_a_newline_at_the_beginning_is_written_twice(text: str, written: str) -> None:
    assert keep_newline(text, Context()) == written


def test_only_the_first_text_that_is_not_empty_is_looked_at() -> None:
    out: list[str] = []
    write = newline_keeper(out.append, Context())
    for text in ("", "", "\nx", "\ny"):
        write(text)
    assert "".join(out) == "\n\nx\ny"
