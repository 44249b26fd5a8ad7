"""Settings of the environment: typed, all faults at once, from a file while a site is developed."""

from pathlib import Path
from typing import Any

import pytest

from pyastro.runtime import Secret
from pyastro.runtime.environment import read_environment
from pyastro.runtime.environment_file import load_environment_file, parse_environment
from pyastro.runtime.errors import SetupError


@pytest.mark.parametrize(
    ("declaration", "text", "value"),
    [
        ({"type": "string"}, " a b ", "a b"),
        ({"type": "string", "min_length": 2, "max_length": 3}, "abc", "abc"),
        ({"type": "int"}, "-12", -12),
        ({"type": "int", "min": 1, "max": 3}, "3", 3),
        ({"type": "number"}, "1e3", 1000.0),
        ({"type": "number", "min": 0.5}, ".5", 0.5),
        ({"type": "bool"}, "TRUE", True),
        ({"type": "bool"}, "off", False),
        ({"type": "enum", "values": ["a", "b"]}, "b", "b"),
        ({"type": "url"}, "postgres://u:p@h/db", "postgres://u:p@h/db"),
        ({"type": "url"}, "sqlite:///a.db", "sqlite:///a.db"),
        ({"type": "int", "default": 8000}, "", 8000),
        ({"type": "int", "default": 8000}, None, 8000),
        ({"type": "bool", "optional": True}, " ", None),
        ({"type": "bool", "default": False}, None, False),
    ],
)
def test_values(declaration: dict[str, Any], text: str | None, value: object) -> None:
    found = read_environment({"X": declaration}, {} if text is None else {"X": text})
    assert found == {"X": value} and type(found["X"]) is type(value)


@pytest.mark.parametrize(
    ("declaration", "text", "words"),
    [
        ({"type": "string"}, None, "X is missing; it should be text"),
        ({"type": "string", "min_length": 2}, "a", "text of 2 characters or more, and is 'a'"),
        ({"type": "string", "max_length": 2}, "abc", "text of 2 characters or less, and is 'abc'"),
        ({"type": "int"}, "1.5", "a whole number, and is '1.5'"),
        ({"type": "int"}, "1_000", "a whole number, and is '1_000'"),
        (
            {"type": "int", "min": 1, "max": 9},
            "10",
            "a whole number of at least 1 and at most 9, and is '10'",
        ),
        ({"type": "number"}, "nan", "a number, and is 'nan'"),
        ({"type": "number"}, "x", "a number, and is 'x'"),
        ({"type": "bool"}, "2", "true or false, and is '2'"),
        ({"type": "enum", "values": ["a", "b"]}, "A", "one of a, b, and is 'A'"),
        ({"type": "enum", "values": ["a", "b"]}, None, "X is missing; it should be one of a, b"),
        ({"type": "url"}, "example.org", "a URL such as"),
        ({"type": "url"}, "http://[x", "a URL such as"),
    ],
)
def test_faults(declaration: dict[str, Any], text: str | None, words: str) -> None:
    with pytest.raises(SetupError) as error:
        read_environment({"X": declaration}, {} if text is None else {"X": text})
    assert words in str(error.value)


def test_all_faults_are_told_at_once_and_no_secret() -> None:
    declarations = {
        "A": {"type": "int"},
        "B": {"type": "string", "secret": True, "min_length": 30},
        "C": {"type": "string"},
    }
    with pytest.raises(SetupError) as error:
        read_environment(declarations, {"A": "x", "B": "hunter2-hunter2", "C": "fine"})
    assert str(error.value).splitlines() == [
        "The environment is not what the site needs.",
        "  A should be a whole number, and is 'x'",
        "  B should be text of 30 characters or more, and is something else",
    ]


def test_a_secret_is_a_text_that_does_not_show_itself() -> None:
    values = read_environment({"KEY": {"type": "string", "secret": True}}, {"KEY": "hunter2-hunter2"})
    key = values["KEY"]
    assert type(key) is Secret
    assert key == "hunter2-hunter2" and f"{key}" == "hunter2-hunter2"
    assert "hunter2" not in repr(key) + repr(values)


def test_a_file() -> None:
    text = "\n".join(
        [
            "# comment",
            "A=1",
            "export B = two words   # note",
            "C='a # $b'",
            'D="x\\n\\"y\\""  # note',
            "E=",
            "F=https://a.b/#c",
            "",
        ]
    )
    assert parse_environment(text) == {
        "A": "1",
        "B": "two words",
        "C": "a # $b",
        "D": 'x\n"y"',
        "E": "",
        "F": "https://a.b/#c",
    }


@pytest.mark.parametrize("line", ["A", "A='x", "1A=3", "A='a' b", 'A="a"b', "A = b\0", "A-B=1"])
def test_a_line_that_says_something_else_is_named(line: str) -> None:
    with pytest.raises(SetupError, match=r"^\.env, line 2: expected NAME=value"):
        parse_environment(f"X=1\n{line}\n")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    environment = {"A": "outer"}
    file = tmp_path / ".env"
    assert not load_environment_file(file, environment)
    file.write_bytes("\ufeffA=inner\nB=ä\n".encode())
    assert load_environment_file(file, environment)
    assert environment == {"A": "outer", "B": "ä"}
    file.write_bytes(b"A=\xff")
    with pytest.raises(SetupError, match="cannot be read"):
        load_environment_file(file, environment)
