"""Whether a site signs cookies: then it needs a secret, and is not to start without one."""

import ast

from pyastro.compiler.syntax_tree import walk

_HINT = b"signed"


def signs_cookies(data: bytes) -> bool:
    """Does a Python module set signed cookies of a request, or read them?"""
    if _HINT not in data:
        return False
    return any(_is_signing(node) for node in walk(ast.parse(data)) if isinstance(node, ast.Call))


def _is_signing(call: ast.Call) -> bool:
    """Is this `….cookies.get_signed(…)`, or `….cookies.set(…, signed=True)`?"""
    function = call.func
    if not isinstance(function, ast.Attribute) or not ast.unparse(function.value).endswith("cookies"):
        return False
    is_signed = any(
        each.arg == "signed" and not (isinstance(each.value, ast.Constant) and each.value.value is False)
        for each in call.keywords
    )
    return function.attr == "get_signed" or (function.attr == "set" and is_signed)
