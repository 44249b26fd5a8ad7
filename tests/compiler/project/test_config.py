from collections.abc import Callable
from pathlib import Path

import pytest

from pyastro.compiler.project.config import Config, Redirect, read_config

Write = Callable[..., Path]


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert read_config(tmp_path) == (Config(), [])


def test_a_file_of_other_tools_configures_nothing(write: Write) -> None:
    assert read_config(write({"pyproject.toml": "[tool.black]\nline-length = 100\n"})) == (Config(), [])
    assert read_config(write({"pyproject.toml": "tool = 1\n"})) == (Config(), [])


SETTINGS = """\
site = "https://example.org"
base = "docs/"
trailing_slash = "always"
output = "static"
external = ["shop", "a.b"]
include = ["./data/*.json"]
[{prefix}redirects]
"/old" = "/new"
"/x" = {{ to = "https://example.com/", status = 302 }}
"""


@pytest.mark.parametrize(
    "files",
    [
        {"pyastro.toml": SETTINGS.format(prefix="")},
        {
            "pyproject.toml": "[project]\nname = 'x'\n[tool.pyastro]\n"
            + SETTINGS.format(prefix="tool.pyastro.")
        },
    ],
)
def test_settings(write: Write, files: dict[str, str]) -> None:
    config, problems = read_config(write(files))
    assert problems == []
    assert config.site == "https://example.org"
    assert (config.base, config.trailing_slash, config.output) == ("/docs", "always", "static")
    assert config.external == ("shop", "a.b")
    assert config.include == ("data/*.json",)
    assert config.redirects == {"/old": Redirect("/new"), "/x": Redirect("https://example.com/", 302)}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("site = 1", "URL"),
        ('site = "example.org"', "URL"),
        ('site = "http://[x"', "URL"),
        ("base = []", "path"),
        ('base = "/a?b"', "path"),
        ('trailing_slash = "sometimes"', "`ignore`, `always`, `never`"),
        ('output = "hybrid"', "one of"),
        ('external = "shop"', "list of packages"),
        ('external = ["my-shop"]', "list of packages"),
        ('include = ["../x"]', "below the source root"),
        ('include = ["/etc/passwd"]', "below the source root"),
        ("redirects = 1", "table"),
        ('redirects = {old = "/new"}', "table"),
        ('redirects = {"/old" = {to = "/new", status = 200}}', "`/old`"),
        ('redirects = {"/old" = "/a\\nb"}', "`/old`"),
    ],
)
def test_wrong_values(write: Write, line: str, words: str) -> None:
    key = line.split(" ")[0]
    _, (problem,) = read_config(write({"pyastro.toml": f"# settings\n{line}\n"}))
    assert (problem.code, problem.path, problem.line) == ("wrong-setting", "pyastro.toml", 2)
    assert f"`{key}`" in problem.message
    assert words in problem.message


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [("trailing_slashes", "trailing_slash"), ("trailingSlash", "trailing_slash"), ("sites", "site")],
)
def test_unknown_settings(write: Write, key: str, suggestion: str) -> None:
    text = f"[project]\n{key} = 1\n\n[tool.pyastro]\n\n{key} = 'x'\n"
    _, (problem,) = read_config(write({"pyproject.toml": text}))
    assert (problem.code, problem.path, problem.line) == ("unknown-setting", "pyproject.toml", 6)
    assert problem.hint == f"Did you mean `{suggestion}`?"


def test_all_errors_are_reported(write: Write) -> None:
    _, problems = read_config(write({"pyastro.toml": "a = 1\nsite = 2\nbase = 3\n"}))
    assert [p.line for p in problems] == [1, 2, 3]


def test_syntax_errors_have_their_place(write: Write) -> None:
    _, (problem,) = read_config(write({"pyastro.toml": 'site = "x"\nbase = = 1\n'}))
    assert (problem.code, problem.line, problem.column) == ("settings-syntax", 2, 8)
    assert "at line" not in problem.message
    _, (problem,) = read_config(write({"pyastro.toml": b"\xff"}))
    assert problem.code == "settings-syntax"
    _, (problem,) = read_config(write({"pyastro.toml": "x = " + "[" * 5000 + "]" * 5000}))
    assert problem.code == "settings-syntax"


def test_settings_stand_in_one_file(write: Write) -> None:
    root = write({"pyastro.toml": "", "pyproject.toml": "[tool.pyastro]\n"})
    _, (problem,) = read_config(root)
    assert problem.code == "settings-twice"
