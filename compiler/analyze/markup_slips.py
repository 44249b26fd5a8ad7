"""Markup that is right and shows something else than its author meant."""

import re
from collections.abc import Callable, Iterable, Iterator

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.html import ELEMENTS
from pyastro.compiler.nodes import Attribute, Element, ExpressionAttribute, QuotedAttribute, SpreadAttribute
from pyastro.compiler.source import Source
from pyastro.compiler.suggest import closest

_DIRECTIVES = frozenset(
    {"set:html", "set:text", "is:raw", "is:inline", "is:global", "define:vars", "class:list"}
)
_PREFIXES = ("set:", "is:", "define:", "class:")
_OF_SVELTE = ("on:", "bind:", "use:", "transition:", "animate:", "let:")

_BRACED = r"\$?\{\{?\s*(?P<code>(?P<name>[A-Za-z_]\w*)(?:\.\w+|\[[^\[\]{}]*\]|\([^(){}]*\))*)\s*\}"
"""What would be an expression outside of quotes, or in a template literal of JavaScript's."""
_CSS_BRACES = r"\{\s*(?P<name>[A-Za-z_]\w*)\s*\}"
"""A name alone in braces, which says nothing to CSS."""
_SCRIPTED = r"(?i)[:@]|x-|v-|on|ng-|hx-|data-|\(|\["
"""The beginning of attributes of which the value is a script, or a template of the browser."""


def unknown_directives(attributes: Iterable[Attribute]) -> Iterator[Problem]:
    """Attributes that look like directives and are none."""
    for attribute in attributes:
        if isinstance(attribute, SpreadAttribute) or ":" not in attribute.name:
            continue
        name = attribute.name
        span = attribute.span.start, attribute.span.start + len(name)
        if name.startswith(_PREFIXES) and name not in _DIRECTIVES:
            yield messages.unknown_directive(span, name, closest(name, _DIRECTIVES))
        elif name.startswith(_OF_SVELTE) and isinstance(attribute, ExpressionAttribute):
            yield messages.unknown_directive(span, name, None)


def braces_in_quotes(
    attributes: Iterable[QuotedAttribute], bound: Iterable[str], starts_at: Callable[[QuotedAttribute], int]
) -> Iterator[Problem]:
    """Names of the component in braces in quotes, where braces are text."""
    known = frozenset(bound)
    for attribute in attributes:
        if re.match(_SCRIPTED, attribute.name):
            continue
        found = next((each for each in re.finditer(_BRACED, attribute.value) if each["name"] in known), None)
        if found is not None:
            at = starts_at(attribute) + found.start()
            end = at + len(found.group()) + attribute.value.startswith("}", found.end())
            yield messages.braces_in_quotes((at, end), _spelling(attribute, found), found["code"])


def braces_in_styles(styles: Iterable[Element], bound: Iterable[str], source: Source) -> Iterator[Problem]:
    """Names of the component in braces in a style sheet, where braces are CSS's."""
    known = frozenset(bound)
    for style in styles:
        start, end = style.start_tag.end, style.end_tag.start if style.end_tag else style.span.end
        for found in re.compile(_CSS_BRACES).finditer(source.text, start, end):
            if found["name"] in known:
                yield messages.braces_in_style(found.span(), found["name"])


def _spelling(attribute: QuotedAttribute, found: "re.Match[str]") -> str:
    """The attribute as it was meant."""
    value = re.sub(_BRACED, lambda each: "{" + each["code"] + "}", attribute.value).replace("}}", "}")
    if value == f"{{{found['code']}}}":
        return f"{attribute.name}={value}"
    quote = "'" if '"' in value else '"'
    return f"{attribute.name}=f{quote}{value}{quote}"


def lower_case_component(node: Element, imported: Iterable[str], used: Iterable[str]) -> Problem | None:
    """A tag that HTML does not know, beside an import that differs in letter case only and that nothing uses."""
    if node.name in ELEMENTS or "-" in node.name:
        return None
    meant = [name for name in imported if name[:1].isupper() and name.lower() == node.name.lower()]
    if not meant or meant[0] in used:
        return None
    start = node.start_tag.start + 1
    return messages.lower_case_component((start, start + len(node.name)), node.name, meant[0])


_FENCE = r"(?m)^---[ \t]*\r?$"


def missing_fence(text: str) -> Problem | None:
    """A fence without the one that should open the frontmatter: no tag stands before it, but an assignment or import."""
    found = re.search(_FENCE, text)
    before = text[: found.start()] if found else ""
    if (
        found is None
        or "<" in before
        or not re.search(r"^(?:\w+ = |import |from |class |def )", before, re.MULTILINE)
    ):
        return None
    return messages.missing_fence((found.start(), found.start() + 3))
