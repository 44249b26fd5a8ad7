"""Whether code waits: whether only a coroutine can run it."""

import ast

from pyastro.compiler.syntax_tree import children

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def waits(node: ast.AST) -> bool:
    """Does `await`, `async for` or `async with` stand in this code, outside the functions that it defines?"""
    pending = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, ast.Await | ast.AsyncFor | ast.AsyncWith):
            return True
        if isinstance(each, ast.comprehension) and each.is_async:
            return True
        if isinstance(each, _FUNCTIONS):
            pending += [*getattr(each, "decorator_list", ()), each.args]
        else:
            pending += children(each)
    return False


def own_await(node: ast.AST) -> ast.Await | None:
    """An `await` that belongs to this code itself. A generator is a function of its own."""
    if isinstance(node, ast.Await):
        return node
    if isinstance(node, (*_FUNCTIONS, ast.GeneratorExp)):
        return None
    return next((found for child in children(node) if (found := own_await(child))), None)
