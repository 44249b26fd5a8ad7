import io

import pytest

from pyastro.cli.terminal import ProgressLine, counted, wants_color


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_task_says_how_far_it_is_and_takes_its_line_away() -> None:
    stream = Terminal()
    line = ProgressLine(stream, patience=0.0)
    line.update(1, 20)
    line.update(2, 20)
    assert stream.getvalue() == "\rCompiling: 1 of 20"
    line.clear()
    assert stream.getvalue().endswith("\r" + " " * 18 + "\r")


def test_a_short_task_is_silent() -> None:
    stream = Terminal()
    line = ProgressLine(stream)
    line.update(1, 2)
    line.clear()
    assert stream.getvalue() == ""


def test_where_nobody_looks_nothing_is_said() -> None:
    stream = io.StringIO()
    line = ProgressLine(stream, patience=0.0)
    line.update(1, 2)
    line.clear()
    assert stream.getvalue() == ""


def test_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_color(Terminal())
    assert not wants_color(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_color(Terminal())


def test_counted() -> None:
    assert (counted(1, "error"), counted(0, "error"), counted(2, "error")) == (
        "1 error",
        "0 errors",
        "2 errors",
    )
