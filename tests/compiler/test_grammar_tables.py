"""What Lark makes of the grammar is kept beside the bytecode, and nothing depends on it."""

import sys
from pathlib import Path

import pytest

from pyastro.compiler import Source
from pyastro.compiler.nodes import Root
from pyastro.compiler.parse import parse, parser

TEXT = "---\na = 1\n---\n<p class={a}>{[<b>{x}</b> for x in y]}<Card {...z} /></p><style>p {}</style>\n"


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file, in a folder of its own."""
    file = tmp_path / "__pycache__/astro.cpython.pyc"
    monkeypatch.setattr(parser, "cache_from_source", lambda _: str(file))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return file.with_suffix(".tables")


def tree() -> Root:
    """The tree of the text, by a parser that is made now."""
    parser._lark.cache_clear()
    parser._patterns.cache_clear()
    return parse(Source("a.astro", TEXT)).root


def test_tables_are_kept_and_used(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = tree()
    kept = tables.read_bytes()
    monkeypatch.setattr("lark.lark.load_grammar", None)  # nobody reads the grammar again
    assert tree() == expected
    assert tables.read_bytes() == kept


@pytest.mark.parametrize("end", [0, 10, 65, 1000, -1])
def test_what_is_damaged_is_made_again(
    tables: Path, end: int, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = tree()
    tables.write_bytes(tables.read_bytes()[:end])
    assert tree() == expected
    monkeypatch.setattr("lark.lark.load_grammar", None)
    assert tree() == expected
    assert capfd.readouterr() == ("", "")


def test_nothing_is_kept_where_no_bytecode_is(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    tree()
    assert not tables.parent.exists()


def test_a_folder_that_cannot_be_written_is_no_hindrance(tables: Path) -> None:
    tables.parent.write_text("a file")
    tree()
