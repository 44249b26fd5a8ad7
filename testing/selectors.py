"""CSS selectors: which elements of a tree they match.

What is understood: tags, `*`, `#id`, `.class`, `[name]` with every operator, the combinators, lists, `:not() :is() :has()`,
`:first-child :last-child :only-child :nth-child(2) :empty`. Anything else is an error, never a silent miss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import tinycss2

if TYPE_CHECKING:
    from pyastro.testing.document import Element

__all__ = ["find"]

Test: TypeAlias = "Callable[[Element], bool]"

_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda found, wanted: found == wanted,
    "~=": lambda found, wanted: wanted in found.split(),
    "|=": lambda found, wanted: found == wanted or found.startswith(f"{wanted}-"),
    "^=": lambda found, wanted: bool(wanted) and found.startswith(wanted),
    "$=": lambda found, wanted: bool(wanted) and found.endswith(wanted),
    "*=": lambda found, wanted: bool(wanted) and wanted in found,
}
_PLACES: dict[str, Test] = {
    "first-child": lambda element: _siblings(element)[0] is element,
    "last-child": lambda element: _siblings(element)[-1] is element,
    "only-child": lambda element: len(_siblings(element)) == 1,
    "empty": lambda element: not element.children and not element.raw_text,
}


def find(selector: str, elements: Iterable[Element]) -> list[Element]:
    """Those of the elements that a selector matches. Raises ValueError for one that cannot be read."""
    matches = _compiled(selector)
    return [element for element in elements if matches(element)]


@cache
def _compiled(selector: str) -> Test:
    try:
        return _list(tinycss2.parse_component_value_list(selector, skip_comments=True))
    except _Unreadable as error:
        raise ValueError(f"{selector!r} cannot be read as a selector: {error}") from None


class _Unreadable(Exception):
    """A selector, or a part of one, that is not understood."""


def _list(tokens: list[Any]) -> Test:
    """Selectors with commas between them: any of them matches."""
    tests = [_complex(part) for part in _split(tokens)]
    return lambda element: any(test(element) for test in tests)


def _split(tokens: list[Any]) -> Iterator[list[Any]]:
    part: list[Any] = []
    for token in tokens:
        if token == ",":
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _complex(tokens: list[Any]) -> Test:
    """Compounds with combinators between them, read from the left: each narrows what the one before it matched."""
    compounds: list[list[Any]] = [[]]
    signs: list[str] = []
    for token in _trimmed(tokens):
        sign = _combinator(token)
        if sign is None:
            compounds[-1].append(token)
        elif compounds[-1]:
            signs.append(sign)
            compounds.append([])
        elif sign != " ":
            if not signs or signs[-1] != " ":
                raise _Unreadable(f"an element is expected before {sign}")
            signs[-1] = sign
    if not compounds[-1]:
        raise _Unreadable(f"an element is expected after {signs[-1]}")
    matches = _compound(compounds[0])
    for sign, compound in zip(signs, compounds[1:], strict=True):
        matches = _after(sign, matches, _compound(compound))
    return matches


def _combinator(token: Any) -> str | None:
    if token is not None and token.type == "whitespace":
        return " "
    return next((sign for sign in (">", "+", "~") if token == sign), None)


def _trimmed(tokens: list[Any]) -> list[Any]:
    start, end = 0, len(tokens)
    while start < end and tokens[start].type == "whitespace":
        start += 1
    while start < end and tokens[end - 1].type == "whitespace":
        end -= 1
    if start == end:
        raise _Unreadable("an element is expected")
    return tokens[start:end]


def _after(combinator: str, before: Test, test: Test) -> Test:
    others = {">": _parents, "+": _previous, "~": _earlier}.get(combinator, _ancestors)
    return lambda element: test(element) and any(before(other) for other in others(element))


def _parents(element: Element) -> list[Element]:
    return [element.parent] if element.parent is not None else []


def _ancestors(element: Element) -> Iterator[Element]:
    while element.parent is not None:
        element = element.parent
        yield element


def _siblings(element: Element) -> list[Element]:
    return element.parent.children if element.parent is not None else [element]


def _earlier(element: Element) -> list[Element]:
    siblings = _siblings(element)
    return siblings[: siblings.index(element)]


def _previous(element: Element) -> list[Element]:
    return _earlier(element)[-1:]


def _compound(tokens: list[Any]) -> Test:
    """Conditions that stand together: all of them hold."""
    tests: list[Test] = []
    rest = iter(tokens)
    for token in rest:
        match token.type:
            case "ident":
                tests.append(_has_tag(token.value))
            case "hash":
                tests.append(_has_value("id", "=", token.value))
            case "[] block":
                tests.append(_attribute([part for part in token.content if part.type != "whitespace"]))
            case "literal" if token == ".":
                tests.append(_has_value("class", "~=", _ident(next(rest, None))))
            case "literal" if token == ":":
                tests.append(_pseudo_class(next(rest, None)))
            case "literal" if token == "*":
                tests.append(lambda element: bool(element.tag))
            case _:
                raise _Unreadable(f"{token.serialize()} is not understood")
    return lambda element: all(test(element) for test in tests)


def _ident(token: Any) -> str:
    if token is None or token.type != "ident":
        raise _Unreadable("a name is expected")
    return str(token.value)


def _has_tag(name: str) -> Test:
    return lambda element: element.tag.lower() == name.lower()


def _has_value(name: str, operator: str, wanted: str) -> Test:
    compare = _OPERATORS[operator]
    return lambda element: name in element.attributes and compare(element.attributes[name], wanted)


def _attribute(tokens: list[Any]) -> Test:
    name = _ident(tokens[0] if tokens else None)
    if len(tokens) == 1:
        return lambda element: name in element.attributes
    operator, value = "".join(str(token.value) for token in tokens[1:-1]), tokens[-1]
    if operator not in _OPERATORS or value.type not in ("ident", "string"):
        raise _Unreadable(f'an attribute is written as [{name}="value"]')
    return _has_value(name, operator, value.value)


def _pseudo_class(token: Any) -> Test:
    if token is not None and token.type == "ident" and token.lower_value in _PLACES:
        return _PLACES[token.lower_value]
    if token is None or token.type != "function":
        raise _Unreadable(f":{token.serialize() if token else ''} is not understood")
    arguments = token.arguments
    match token.lower_name:
        case "not":
            refused = _list(arguments)
            return lambda element: not refused(element)
        case "is":
            return _list(arguments)
        case "has":
            wanted = _list(arguments)
            return lambda element: any(wanted(each) for each in element.descendants())
        case "nth-child" if len(arguments) == 1 and arguments[0].type == "number":
            place = arguments[0].int_value
            return lambda element: len(_earlier(element)) + 1 == place
    raise _Unreadable(f":{token.serialize()} is not understood")
