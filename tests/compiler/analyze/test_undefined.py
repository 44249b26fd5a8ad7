"""Names that nothing binds: what is said of real Python, where nearly every name is bound."""

import ast
import builtins
import symtable
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyastro.compiler.analyze.expressions import ParsedExpression
from pyastro.compiler.analyze.undefined import Reader, bound_anywhere, undefined_names
from pyastro.compiler.nodes import Expression
from pyastro.compiler.source import Span
from tests.compiler.lone import diagnose

LIBRARY = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
NOWHERE = Expression((), None, Span(0, 0))


def said_of(source: str) -> set[str]:
    """The names of some Python of which it is said that nothing binds them."""
    tree = ast.parse(source)
    parsed = ParsedExpression(NOWHERE, source, 0, ast.Constant(None))
    readers = [Reader(tree, parsed.span)]
    problems = undefined_names(readers, bound_anywhere(readers))
    return {source[slice(*problem.span)] for problem in problems}


def unbound(source: str) -> set[str]:
    """The names that, as Python's own compiler sees it, can only be globals, and that the module never assigns."""
    tables = list(_tables(symtable.symtable(source, "module", "exec")))
    assigned = {s.get_name() for s in tables[0].get_symbols() if s.is_assigned() or s.is_imported()}
    for table in tables:
        assigned |= {s.get_name() for s in table.get_symbols() if s.is_declared_global() and s.is_assigned()}
        assigned |= {s.get_name() for s in table.get_symbols() if s.is_namespace() and table is tables[0]}
    used = {
        s.get_name() for table in tables for s in table.get_symbols() if s.is_global() and s.is_referenced()
    }
    used |= {s.get_name() for s in tables[0].get_symbols() if s.is_referenced()}
    return used - assigned - set(dir(builtins))


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


@pytest.mark.parametrize("part", range(8))
def test_no_name_of_the_standard_library_that_is_bound(part: int) -> None:
    read = 0
    for path in LIBRARY[part::8]:
        source = path.read_text("utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if "import *" in source or len(source) > 40_000:
                continue
            assert said_of(source) <= unbound(source), path
        read += 1
    assert read > 10


@pytest.mark.parametrize(
    "text",
    [
        "{_('text')}{ngettext('a', 'b', 2)}",
        "{WindowsError}{PythonFinalizationError}{__name__}{__annotations__}",
        "---\ndef f():\n  global late\n  late = 1\nf()\n---\n{late}",
        "---\nexec('x = 1')\n---\n{x}",
        "---\nfrom os.path import *\n---\n{join}",
        "---\nx = 1\ndel x\n---\n{x}",
        "---\nmatch 1:\n  case {'a': a, **b} | [a, *b]: pass\n  case c: pass\n---\n{a}{b}{c}",
        "---\ntry: pass\nexcept* ValueError as e: pass\n---\n{e}",
        "{[x for x in 'ab' if (y := x)]}{y}{(lambda a, *b, c=1, **d: [a, b, c, d])(1)}",
        "{<b>{(n := x)}</b> for x in 'ab'}{n}",
        "{Astro}{Response}{fetch}{run_sync}",
    ],
)
def test_names_that_may_be_bound(text: str) -> None:
    assert [d.code for d in diagnose(text)] == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("---\ntitle = 1\n---\n{titel}", "Did you mean `title`?"),
        ("---\ntitle = 1\n---\n<p a={<b>{titel}</b>} />", "Did you mean `title`?"),
        ("{[x for y in 'ab']}", None),
        ("{lenn([])}", "Did you mean `len`?"),
    ],
)
def test_names_that_nothing_binds(text: str, hint: str | None) -> None:
    found = [d for d in diagnose(text) if d.code == "undefined-name"]
    assert len(found) == 1
    assert hint is None or found[0].hint == hint
