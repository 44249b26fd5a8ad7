"""What stands in front of a function when a pack is looked at."""

import re
from pathlib import Path

import pytest

from pyastro.adapters.front import Answered, Asked, PublicFolder


@pytest.fixture
def public(tmp_path: Path) -> PublicFolder:
    for name in (
        "public/a b.txt",
        "public/about/index.html",
        "public/old.html",
        "public/index.html",
        "secret.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return PublicFolder(tmp_path / "public", [(re.compile(r"/a\.*.*"), {"x-rule": "1"})])


def found(public: PublicFolder, target: str, method: str = "GET") -> Answered | None:
    return public.find(Asked(method, target, [], b"", "127.0.0.1"))


@pytest.mark.parametrize(
    ("target", "file"),
    [
        ("/", "public/index.html"),
        ("/about", "public/about/index.html"),
        ("/about/", "public/about/index.html"),
        ("/about/index.html?x=1", "public/about/index.html"),
        ("/old", "public/old.html"),
        ("/a%20b.txt", "public/a b.txt"),
    ],
)
def test_files_are_sent(public: PublicFolder, target: str, file: str) -> None:
    answer = found(public, target)
    assert answer is not None and (answer.status, answer.body.decode()) == (200, file)


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/about/..%5c..%5csecret.txt",
        "/a%00",
        "//",
        "/old/",
        "/no",
    ],
)
def test_the_function_gets_the_rest(public: PublicFolder, target: str) -> None:
    assert found(public, target) is None


def test_no_other_method_is_for_files(public: PublicFolder) -> None:
    assert found(public, "/about", "POST") is None and found(public, "/about", "HEAD") is not None


def test_rules_add_headers(public: PublicFolder) -> None:
    about, home = found(public, "/about"), found(public, "/")
    assert about is not None and dict(about.fields)["x-rule"] == "1"
    assert home is not None and "x-rule" not in dict(home.fields)
