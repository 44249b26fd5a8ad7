"""Escaping."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, _native

from pyastro.runtime.escape import escape
from tests.runtime.browser import AWKWARD, only


def test_five_characters() -> None:
    assert escape("a&<>\"'b") == "a&amp;&lt;&gt;&#34;&#39;b"
    assert escape("") == ""
    assert escape("é😀`=") == "é😀`="


@given(st.text())
def test_it_gives_an_exact_str_and_what_markupsafe_gives(text: str) -> None:
    escaped = escape(text)
    assert escaped.__class__ is str
    assert escaped == str(Markup.escape(text)) == _native._escape_inner(text)


@given(AWKWARD)
def test_a_browser_reads_it_back(text: str) -> None:
    element = only(f'<p title="{escape(text)}">{escape(text)}</p>')
    assert (element.text or "", element.get("title")) == (text, text)
    assert not len(element)


@pytest.mark.parametrize("missing", [["_speedups"], ["_speedups", "_native"]])
def test_without_markupsafes_private_modules(missing: list[str]) -> None:
    """Without its C part, and where neither of its inner functions has the name that we know."""
    code = f"""
import sys
sys.modules["markupsafe._speedups"] = None
import markupsafe, markupsafe._native
if "_native" in {missing!r}:
    del markupsafe._native._escape_inner
    markupsafe._escape_inner = lambda s: s.replace("&", "&amp;").replace("<", "&lt;")
from pyastro.runtime.escape import escape
print(escape("a<&"), escape("a<&").__class__.__name__)
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown == "a&lt;&amp; str\n"
