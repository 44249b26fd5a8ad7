"""What a component reads of `Astro`."""

import ast

from pyastro.compiler.syntax_tree import read_names, walk

NAME = "Astro"


def read_astro(tree: ast.AST, found: set[str]) -> None:
    """Add to `found` the attributes of `Astro` that a tree reads."""
    if NAME not in read_names(tree):
        return
    attributes = {id(n.value): n.attr for n in walk(tree) if isinstance(n, ast.Attribute)}
    for node in walk(tree):
        if isinstance(node, ast.Name) and node.id == NAME:
            found.add(attributes.get(id(node), "*"))


def props_behind_methods(tree: ast.AST) -> list[ast.Attribute]:
    """Where `Astro.props.items` and its like stand without being called: they are methods of the mapping."""
    if NAME not in read_names(tree):
        return []
    called = {id(node.func) for node in walk(tree) if isinstance(node, ast.Call)}
    return [
        node
        for node in walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in _METHODS
        and id(node) not in called
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "props"
        and isinstance(node.value.value, ast.Name)
        and node.value.value.id == NAME
    ]


_METHODS = frozenset(name for name in dir(dict) if not name.startswith("_"))
