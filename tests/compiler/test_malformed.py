"""No input makes the compiler fail otherwise than with a diagnostic, soon: `scripts/fuzz` searches longer."""

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiler.fuzz import inputs
from tests.compiler.fuzz.properties import violation

TEXTS = [text.decode("utf-8", "replace") for text in inputs.fixtures()]
DEEP = 10_000


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(inputs.TOKENS)) + text[at + draw(st.integers(0, 4)) :]
    return text.encode()


@settings(max_examples=150, deadline=None)
@given(mutations())
def test_mutations(data: bytes) -> None:
    assert violation(data, with_layout=False) is None


@pytest.mark.parametrize("family", [inputs.truncations, inputs.mutations, inputs.soups])
def test_some_inputs_of_each_family(family: inputs.Family) -> None:
    wrong = [
        (found, data) for data in islice(family(1), 200) if (found := violation(data, with_layout=False))
    ]
    assert not wrong, wrong[0]


@pytest.mark.parametrize("text", TEXTS)
def test_fixtures(text: str) -> None:
    assert violation(text.encode(), with_layout=False) is None


@pytest.mark.slow
@pytest.mark.parametrize("text", TEXTS)
def test_the_layout_of_fixtures(text: str) -> None:
    assert violation(text.encode()) is None


@pytest.mark.parametrize("name", inputs.SHAPES)
def test_depth(name: str) -> None:
    for size in (30, 300):
        assert violation(inputs.SHAPES[name](size).encode(), with_layout=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * DEEP,
        "{" * DEEP,
        "{" + "(" * DEEP + ")" * DEEP + "}",
        "{x and <b>" * DEEP,
        "{" + "not " * DEEP + "x}",
        "{" + "f'{" * DEEP,
        "<a b='" * DEEP,
        '{"' * DEEP,
        "---\n" + "(" * DEEP,
        "<p>" + "x" * 2_000_000,
    ],
    ids=range(10),
)
def test_depth_and_length(text: str) -> None:
    assert violation(text.encode(), with_layout=False) is None
