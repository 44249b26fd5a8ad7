"""No input makes the compiler fail otherwise than with a diagnostic, soon."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyastro.compiler.diagnostics import render_diagnostic
from tests.compiler.lone import diagnose

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
TEXTS = [path.read_bytes().decode() for path in sorted(FIXTURES.rglob("*.astro"))]
BITS = st.sampled_from(
    """{ } < > " ' ( ) [ ] --- {# #} <!-- </ /> f" : ! = \\ \0 \r \t é 😀 {** ... ` <style> <script> <slot </p> <Card> :=
    lambda for await if""".split(
        " "
    )
)


@st.composite
def mutations(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(BITS) + text[at + draw(st.integers(0, 4)) :]
    return text


@settings(max_examples=300, deadline=None)
@given(mutations())
def test_mutations(text: str) -> None:
    for diagnostic in diagnose(text):
        assert diagnostic.line >= 1
        assert diagnostic.column >= 1
        assert render_diagnostic(diagnostic, text)


@pytest.mark.parametrize("text", TEXTS[::4])
def test_truncations(text: str) -> None:
    for end in range(0, len(text), 7):
        diagnose(text[:end])


DEEP = 10_000


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * DEEP,
        "<p>" * DEEP,
        "{" * DEEP,
        "{" + "(" * DEEP + ")" * DEEP + "}",
        "{x and <b>" * 300 + "</b>}" * 300,
        "{" + "not " * DEEP + "x}",
        "{" + "x if y else " * 1000 + "z}",
        "{" + "f'{" * 200 + "}'" * 200 + "}",
        "<" * DEEP,
        "<a " * DEEP,
        "<a b='" * DEEP,
        "<Card>" * DEEP,
        "<slot>" * DEEP,
        "<>" * DEEP,
        '{"' * DEEP,
        "---\n" + "(" * DEEP,
        "<p>" + "x" * 2_000_000,
    ],
    ids=range(17),
)
def test_depth_and_length(text: str) -> None:
    diagnose(text)
