"""The literals that the generator writes mean the same on every Python."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from pyastro.compiler.generate.fstring import literal, string_pieces, text_block
from pyastro.compiler.module import Dynamic, Static

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = {"a": "A", 'b["k"]': "B", "b['k']": "B", "c[\"k\"]['l']": "C", "{'x': 'D'}['x']": "D"}
NAMES = {"a": "A", "b": {"k": "B"}, "c": {"k": {"l": "C"}}}
PARTS = st.lists(
    st.one_of(
        TEXT.map(lambda text: Static(text, 1)),
        st.tuples(st.sampled_from(sorted(VALUES)), st.integers(1, 3)).map(lambda pair: Dynamic(*pair)),
    ),
    min_size=1,
    max_size=6,
)


@given(PARTS)
def test_a_literal_gives_the_output(parts: list[Static | Dynamic]) -> None:
    expected = "".join(p.text if isinstance(p, Static) else VALUES[p.code] for p in parts)
    assert eval(literal(parts), dict(NAMES)) == expected


@given(PARTS)
def test_pieces_together_give_the_output(parts: list[Static | Dynamic]) -> None:
    expected = "".join(p.text if isinstance(p, Static) else VALUES[p.code] for p in parts)
    pieces = [piece.text for piece in string_pieces(parts)]
    assert (eval(f"({' '.join(pieces)})", dict(NAMES)) if pieces else "") == expected


@given(TEXT)
def test_a_block_holds_its_text(text: str) -> None:
    assert ast.literal_eval(text_block(text)) == f"{text}\n"
