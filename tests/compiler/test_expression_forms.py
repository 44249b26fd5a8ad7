"""One expression, rendered by statements or as a value: conditions and loops over markup give what Python gives."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.compiler.lone import render_text

FRONTMATTER = """
def same(value):
    return value

class later:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        yield from ()
        return self.value

async def rows():
    yield 1
    yield 0

yes, no, zero, word, empty, numbers = True, False, 0, "<w>", "", [0, 1]
"""

PYTHON = (
    "yes no zero word empty numbers None 'text' 1.5 later(word) (await(later(zero))) [] {'a':1} (lambda:zero)"
)
MARKUP = (
    "<b>{word}</b>",
    "<i/>",
    "<>{zero}{yes and word}</>",
    "<u>1</u><u>2</u>",
    "<a b={word}>{no or zero}</a>",
)
LEAVES = st.sampled_from([*PYTHON.split(), *MARKUP])


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions made of others."""
    test = inner.map(lambda e: f"({e})")
    return st.one_of(
        st.lists(test, min_size=2, max_size=4).map(" and ".join).map("({})".format),
        st.lists(test, min_size=2, max_size=4).map(" or ".join).map("({})".format),
        st.tuples(test, test, test, test).map(lambda e: f"({e[0]} and {e[1]} or {e[2]} or {e[3]})"),
        st.tuples(inner, test, inner).map(lambda e: f"({e[0]} if {e[1]} else {e[2]})"),
        test.map(lambda e: f"(not {e})"),
        st.tuples(inner, inner).map(lambda e: f"[{e[0]}, {e[1]}]"),
        inner.map(lambda e: f"[{e} for number in numbers]"),
        st.tuples(inner, test).map(lambda e: f"[{e[0]} for number in numbers if number or {e[1]}]"),
        inner.map(lambda e: f"[{e} async for word in rows()]"),
        inner.map(lambda e: f"<p>{{{e}}}</p>"),
        inner.map(lambda e: f"same({e})"),
        inner.map(lambda e: f"(kept := {e})"),
    )


EXPRESSIONS = st.recursive(LEAVES, combined, max_leaves=6)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EXPRESSIONS, min_size=4, max_size=8))
def test_statements_render_what_the_value_renders(expressions: list[str]) -> None:
    lines = [f"{{{each}}}|{{same(({each}))}}" for each in expressions]
    template = f"---{FRONTMATTER}---\n" + "\n".join(lines)
    for line in render_text(template).split("\n"):
        statement, value = line.split("|")
        assert statement == value, template
