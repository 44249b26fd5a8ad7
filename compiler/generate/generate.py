"""From a module to its text, formatted by black, with a map from its lines to the source's."""

import ast
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import CompileError, Problem
from pyastro.compiler.generate.escapes import escaped_once
from pyastro.compiler.generate.fstring import text_block
from pyastro.compiler.generate.line_map import Columns, line_map, map_comment
from pyastro.compiler.generate.printer import LINE_LENGTH, Printer, without_text
from pyastro.compiler.module import Line, Module
from pyastro.compiler.purpose import Purpose
from pyastro.compiler.source import Source

LONG_LINE, DEEP = 1000, 100
"""A module with a line of that many characters and nodes so deep is not formatted: black's time grows with both."""

IMPORT_DEPTH = 800
"""The recursion that a module may need when it is imported: Python's own limit is 1,000, and the importer needs some."""


class Generated(NamedTuple):
    """The text of a module, and its lines, each with the source lines that it stands for."""

    code: str
    lines: tuple[Line, ...]


def generate(module: Module, source: Source, purpose: Purpose = Purpose.RUNNING) -> Generated:
    """The module's text; raises `CompileError` where Python refuses what the author wrote.

    A module that nobody reads is not laid out. In one for checking, each expression of its output has a line of its own.
    """
    printer = Printer(module.parameters[0].partition(":")[0])
    if purpose is Purpose.CHECKING:
        body = tuple(without_text(module.body))
        lines = list(_lines(module._replace(body=body, style=""), printer))
        _parse(lines, source)
    else:
        module = module._replace(body=tuple(escaped_once(module.body)))
        rough = list(_lines(module, printer))
        if purpose.lays_out:
            from pyastro.compiler.generate.layout import laid_out  # only for those who read it

            rough = laid_out(rough) or _formatted(rough, source)
        lines = list(printer.with_output(rough))
    _check(lines, source)
    return Generated(
        _text(lines).rstrip("\n") + "\n" + map_comment(source, lines, module.copies), tuple(lines)
    )


def load(purpose: Purpose) -> None:
    """Load what most modules for a purpose need: the first one does, else."""
    _skeleton()
    if purpose.lays_out:
        import pyastro.compiler.generate.layout  # noqa: F401


def _formatted(rough: list[Line], source: Source) -> list[Line]:
    """The lines as black lays them out."""
    tree = _parse(rough, source)
    text, formatted = _format(_text(rough), tree)
    mapped = line_map(tree, formatted, [line.source for line in rough])
    return [_mapped(line, mapped.get(number, ())) for number, line in enumerate(text.split("\n"), 1)]


def _mapped(text: str, columns: Columns) -> Line:
    return Line(text, columns[0][1], columns[1:]) if columns else Line(text)


def _text(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines) + "\n"


def _lines(module: Module, printer: Printer) -> Iterator[Line]:
    """The module before it is formatted."""
    blocks = {
        "helpers": list(_helper_imports(module)),
        "imports": [
            *([Line("")] if module.imports else []),
            *(line for each in module.imports for line in each.lines),
        ],
        "hoisted": [line for each in module.hoisted for line in each.lines],
        "body": list(printer.lines(module.body, 1)) or [Line("    pass")],
    }
    text = _skeleton().render(
        path=module.path.replace("\\", "\\\\").replace('"', '\\"'),
        future=module.future,
        style=text_block(module.style) if module.style else "",
        decorator=module.decorator,
        is_async=module.is_async,
        rebinds=module.rebinds,
        parameters=module.parameters,
        returns=module.returns,
        blocks={name: f"\0{name}" for name in blocks},
    )
    for each in text.split("\n"):
        if each.startswith("\0"):
            yield from blocks[each[1:]]
        else:
            yield Line(each)


def _helper_imports(module: Module) -> Iterator[Line]:
    for name, here in module.helpers:
        if name == "Any":
            yield Line(f"from typing import {_import((name, here))}")
            yield Line("")
    yield Line(
        f"from pyastro.runtime import {', '.join(_import(each) for each in module.helpers if each[0] != 'Any')}"
    )


def _import(names: tuple[str, str]) -> str:
    name, here = names
    return name if name == here else f"{name} as {here}"


@cache
def _skeleton():  # type: ignore[no-untyped-def]  # jinja2's template
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("pyastro.compiler.generate", "."),
        trim_blocks=True,
        undefined=StrictUndefined,
        autoescape=False,
    )
    return environment.get_template("module.py.jinja")


def _parse(lines: list[Line], source: Source) -> ast.Module:
    """The syntax tree; what Python refuses is told at the author's line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(_text(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise CompileError([source.diagnose(_problem(error, lines, source))]) from None


def _check(lines: list[Line], source: Source) -> None:
    """Have Python compile the module: some errors are seen by nothing else, such as `await` in a plain function."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _recursion_of_an_import():
                compile(_text(lines), source.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise CompileError([source.diagnose(_problem(error, lines, source))]) from None


@contextmanager
def _recursion_of_an_import() -> Iterator[None]:
    limit, depth, frame = sys.getrecursionlimit(), 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(min(limit, depth + IMPORT_DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _problem(error: Exception, lines: list[Line], source: Source) -> Problem:
    number = error.lineno or 1 if isinstance(error, SyntaxError) else _deepest_line(lines)
    # Lines of copies come behind the source's own; the last of these before is the line that uses the copy.
    own = (line.source for line in reversed(lines[: min(number, len(lines))]) if line.source)
    at = next((each for each in own if each <= len(source.line_starts)), 1)
    start = source.line_starts[at - 1]
    end = source.line_starts[at] - 1 if at < len(source.line_starts) else len(source.text)
    text = source.text[start:end]
    lead = len(text) - len(text.lstrip())
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    if isinstance(error, RecursionError | MemoryError):
        message = "this Python is nested too deeply"
    return messages.python_syntax(
        (start + lead, max(start + lead + 1, end)), f"{message[:1].upper()}{message[1:]}."
    )


def _deepest_line(lines: list[Line]) -> int:
    """The line of the expression that nests most deeply."""
    try:
        level: list[ast.AST] = [ast.parse(_text(lines))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 1
    deepest = 1
    while level:
        deepest = next((node.lineno for node in level if hasattr(node, "lineno")), deepest)
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return deepest


def _black(text: str) -> str:
    """The text as black writes it. It is loaded only here: most sites are compiled without it."""
    import black
    from black.mode import Mode, TargetVersion

    mode = Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311}, magic_trailing_comma=False)
    return black.format_str(text, mode=mode)


def _format(rough: str, tree: ast.Module) -> tuple[str, ast.Module]:
    """The text as black writes it, and its tree.

    Where black would touch a docstring of the author, or would need minutes for an expression that is nested very
    deeply, the text stays as it is.
    """
    if len(max(rough.split("\n"), key=len)) > LONG_LINE and _depth(tree) > DEEP:
        return rough, tree
    try:
        code = _black(rough)
        formatted = ast.parse(code)
    except (ValueError, SyntaxError, RecursionError):
        return rough, tree
    return (code, formatted) if ast.dump(formatted) == ast.dump(tree) else (rough, tree)


def _depth(tree: ast.AST) -> int:
    """How deeply the nodes of a tree nest."""
    depth, level = 0, [tree]
    while level:
        depth, level = depth + 1, [child for node in level for child in ast.iter_child_nodes(node)]
    return depth
