"""Leaves: components so small and so simple that whoever uses them may write by itself what they write."""

import ast
import builtins
import re
from collections.abc import Collection, Iterable, Iterator

from pyastro.compiler.analyze.free import child_nodes, node_names
from pyastro.compiler.analyze.frontmatter import Frontmatter
from pyastro.compiler.analyze.props import Field
from pyastro.compiler.analyze.scope import target_names
from pyastro.compiler.analyze.stylesheet import StyleSheet
from pyastro.compiler.analyze.template import Template
from pyastro.compiler.nodes import Node, Root, ShorthandAttribute, Slot
from pyastro.compiler.python_text import TOKEN, Unterminated, fstring_expressions, is_fstring, string_end
from pyastro.compiler.snake_case import snake_case
from pyastro.compiler.source import Source
from pyastro.compiler.syntax_tree import walk

LONGEST = 1_500
"""A leaf has at most so many characters, style sheets aside: it is copied into whatever uses it."""

_TYPES = frozenset("bool bytes dict float frozenset int list object set str tuple".split())
"""The types that mean the same in every module."""

_OWN_FRAME = frozenset("breakpoint dir eval exec globals locals super vars __import__".split())
"""What tells names, or the place where it is called."""

_NOT_COPIED = re.compile(r"\{\s*\*\*|define:vars|\bawait\b|\basync\b|:=")


def leaf_text(
    root: Root, source: Source, frontmatter: Frontmatter, template: Template, style: StyleSheet
) -> str:
    """The text of a leaf, in whose template each prop has the name that `variable` gives it; empty for all others.

    A leaf knows nothing but its props: it imports nothing, uses no other component and no script, and says nothing but
    `class Props` in its frontmatter, or nothing at all.
    """
    fields = frontmatter.props or ()
    if root.is_partial or frontmatter.is_broken or not _is_simple(source, frontmatter, template, style):
        return ""
    names = {field.name: variable(source.path, field.name) for field in fields}
    if not all(map(_is_plain, fields)) or not all(name.isidentifier() for name in names.values()):
        return ""
    known = names.keys() | free_builtins(template, root)
    if not node_names(template, root.children) <= known or _depends_on_place(template):
        return ""
    try:
        return _renamed(source.text, template, names)
    except (Unterminated, _Keyword):
        return ""


def variable(path: str, prop: str) -> str:
    """The name that a prop of a leaf has where it is written: `kind` of `components/NewBadge.astro` is `new_badge_kind`."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return f"{snake_case(stem)}_{prop}"


def size(source: Source, template: Template) -> int:
    """How many characters a component has, style sheets aside."""
    return len(source.text) - sum(each.span.end - each.span.start for each in template.styles)


def free_builtins(template: Template, root: Root) -> set[str]:
    """The names of Python's own that a template looks up."""
    return {name for name in node_names(template, root.children) if hasattr(builtins, name)} - _OWN_FRAME


def _depends_on_place(template: Template) -> bool:
    """Would anything mean something else in a copy: a lambda or a generator, which keeps variables until the next copy
    is written; a slot in a loop, whose names would hide its user's; a loop over a name that another copy takes for
    Python's own?
    """
    for parsed in template.expressions.values():
        has_slot = any(_has_slot(template, markup.children) for markup in parsed.markup.values())
        for node in walk(parsed.tree):
            is_loop = node is parsed.tree and parsed.markup
            if isinstance(node, ast.Lambda) or (isinstance(node, ast.GeneratorExp) and not is_loop):
                return True
            if isinstance(node, ast.comprehension) and (has_slot or _hides_builtin(node)):
                return True
    return False


def _hides_builtin(loop: ast.comprehension) -> bool:
    return any(hasattr(builtins, name) for name in target_names(loop.target))


def _has_slot(template: Template, nodes: Iterable[Node]) -> bool:
    """Is there a slot among nodes, or anywhere below?"""
    for node in nodes:
        if isinstance(node, Slot) or _has_slot(template, child_nodes(node)):
            return True
        parsed = template.expressions.get(id(node))
        if parsed and any(_has_slot(template, markup.children) for markup in parsed.markup.values()):
            return True
    return False


def _is_simple(source: Source, frontmatter: Frontmatter, template: Template, style: StyleSheet) -> bool:
    """Is there nothing but `class Props` and a template of HTML, expressions and slots?"""
    statement = frontmatter.props_statement
    known = (statement,) if statement else ()
    has_more = frontmatter.imports or frontmatter.body or frontmatter.settings or frontmatter.hoisted != known
    has_tags = template.tags or template.scripts or template.spec_trees or template.astro_attributes
    return (
        size(source, template) <= LONGEST
        and not has_more
        and not has_tags
        and not style.variables
        and not _NOT_COPIED.search(source.text)
        and source.text.count("<slot") == len(template.slots)
    )


def _is_plain(field: Field) -> bool:
    """Has a prop a type that every module knows, and no default that could change?"""
    types = {node.id for node in walk(field.annotation) if isinstance(node, ast.Name)}
    is_quoted = any(isinstance(n, ast.Constant) and n.value is not None for n in walk(field.annotation))
    return types <= _TYPES and not is_quoted and (field.is_required or field.has_constant_default)


# ---------------------------------------------------------------- other names for props


class _Keyword(Exception):
    """A prop's name is also written where it is no variable, or where its spelling is shown."""


def _renamed(text: str, template: Template, names: dict[str, str]) -> str:
    """The text with other names for the variables of its template."""
    edits: dict[int, tuple[int, str]] = {}
    for parsed in template.expressions.values():
        for start, end in _uses(parsed.code, names):
            edits[parsed.offset + start] = end - start, names[parsed.code[start:end]]
    for element in template.elements:
        for attribute in element.attributes:
            if isinstance(attribute, ShorthandAttribute):
                edits[attribute.span.start] = 0, f"{attribute.name}="
    for at in sorted(edits, reverse=True):
        length, new = edits[at]
        text = text[:at] + new + text[at + length :]
    return text


def _uses(code: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where some Python reads or binds variables of these names, in its f-strings, too."""
    at, before = 0, ""
    while token := TOKEN.match(code, at):
        start, at = token.span()
        if token.lastgroup == "string":
            at = string_end(code, token)
            if is_fstring(token.group()):
                for first, last in fstring_expressions(code[start:at]):
                    if code[start + last : at].lstrip().startswith("="):
                        raise _Keyword
                    yield from (
                        (start + first + a, start + first + b)
                        for a, b in _uses(code[start + first : start + last], names)
                    )
        elif token.lastgroup == "name" and token.group() in names and before != ".":
            if _EQUALS.match(code, at):
                raise _Keyword
            yield start, at
        if token.lastgroup not in ("space", "comment"):
            before = token.group()


_EQUALS = re.compile(r"\s*=(?!=)")
