"""What a module script asks for that a browser does not have: TypeScript, packages, files of the site."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pyastro.compiler.analyze.javascript import OPERATORS, Token, expects_operand, tokens
from pyastro.compiler.analyze.module_script import ModuleScript

_ADDRESS = re.compile(r"/|[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_WORDS_OF_TYPESCRIPT = frozenset({"declare", "enum", "interface", "namespace", "type"})
"""They are followed by another name only where they declare something."""
_MODIFIERS = frozenset({"abstract", "override", "private", "protected", "public", "readonly"})
_NAMING = frozenset("async class const function get let set static var".split())
"""The words that a name follows."""
_DECLARATIONS = frozenset({"const", "let", "var"})
_BEGINNINGS = frozenset("class const default export function import let var".split())
"""The words that no clause of an import or an export goes on with."""
_ARGUMENTS = re.compile(r"<[\w$.,|&\[\]{}:;? \"']*(?:<[\w$.,|&\[\] ]*>[\w$.,|&\[\] ]*)*>\(")
"""The type arguments of a call, without a space before them."""


class Specifier(NamedTuple):
    """What is imported, and where that is written in the script, with its quotes."""

    path: str
    start: int
    end: int

    @property
    def needs_bundler(self) -> bool:
        """Is it anything but an address, which browsers resolve: a package, or a file of the site?"""
        return not _ADDRESS.match(self.path)


def module_script_needs(start: int, text_start: int, text: str) -> ModuleScript | None:
    """The script, if it needs a bundler."""
    every = list(tokens(text))
    for specifier in specifiers(every):
        if specifier.needs_bundler:
            need = text_start + specifier.start, text_start + specifier.end
            return ModuleScript(start, text_start, text, need, specifier.path)
    token = _typescript(every, text)
    if token is None:
        return None
    return ModuleScript(start, text_start, text, (text_start + token.start, text_start + token.end))


def specifiers(every: list[Token]) -> Iterator[Specifier]:
    """What a script imports (ECMA-262, 16.2.2 and 13.3.10), where it is said by a string."""
    for index, token in enumerate(every):
        if token.kind != "name" or token.text not in ("import", "export") or _is_property(every, index):
            continue
        found = _imported(every, index)
        if found is not None:
            yield Specifier(_unquoted(found.text), found.start, found.end)


def _imported(every: list[Token], index: int) -> Token | None:
    """The string that says what a statement or a call of `import` imports."""
    rest = every[index + 1 : index + 3]
    if every[index].text == "import" and rest and (rest[0].kind == "string" or rest[0].text == "("):
        first = rest[-1] if rest[0].text == "(" else rest[0]
        return first if first.kind == "string" else None
    end = _clause(every, index)
    return every[end] if end is not None else None


def _clause(every: list[Token], index: int) -> int | None:
    """The index of the string behind `from` that ends the clause of an import or an export, if it has one."""
    for at in range(index + 1, len(every) - 1):
        token = every[at]
        if token.text == "from" and every[at + 1].kind == "string" and at > index + 1:
            return at + 1
        if token.kind not in ("name", "string") and token.text not in ("{", "}", ",", "*"):
            return None
        if token.text in _BEGINNINGS:
            return None
    return None


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _is_property(every: list[Token], index: int) -> bool:
    before = every[index - 1].text if index else ";"
    after = every[index + 1].text if index + 1 < len(every) else ""
    return before in (".", "?.") or after in (":", ".")


# ---------------------------------------------------------------- TypeScript


def _typescript(every: list[Token], text: str) -> Token | None:
    """The first token that is TypeScript and can be nothing of JavaScript. What may be both counts as JavaScript."""
    reader = _Reader(every, text)
    return next((token for index, token in enumerate(every) if reader.is_typescript(index, token)), None)


@dataclass(slots=True)
class _Bracket:
    opener: str
    is_class: bool = False
    conditions: int = 0
    """The `?` whose `:` is still to come."""
    is_case: bool = False
    declares: bool = False
    """Does a declaration of variables begin here, the last of which has no value yet?"""


class _Reader:
    """Goes through the tokens of a script, and knows in which brackets it is."""

    def __init__(self, every: list[Token], text: str) -> None:
        self.every = every
        self.text = text
        self.brackets = [_Bracket("")]
        self.in_class_head = False
        self.skipped_to = -1

    def is_typescript(self, index: int, token: Token) -> bool:
        """Is this token TypeScript for certain? To be asked of each, in order."""
        before = self.every[index - 1] if index else Token("punctuator", ";", 0, True)
        after = self.every[index + 1] if index + 1 < len(self.every) else Token("punctuator", ";", 0, True)
        if index <= self.skipped_to:
            return False
        if token.kind == "name":
            return self._name(index, token, before, after)
        beyond = self.every[index - 2] if index > 1 else before
        return token.kind == "punctuator" and self._punctuator(token, before, after, beyond)

    def _name(self, index: int, token: Token, before: Token, after: Token) -> bool:
        here = self.brackets[-1]
        if before.text in (".", "?.") or (after.text == ":" and before.text in ("{", ",")):
            return False
        word, is_followed = token.text, after.kind == "name" and not after.begins_line
        if word in ("import", "export"):
            return self._module_word(index, after)
        is_operator = not expects_operand(before) and before.text not in _NAMING and not token.begins_line
        if word in ("as", "satisfies") and is_operator:
            return is_followed or (not after.begins_line and after.text in ("{", "[", "("))
        if word in _WORDS_OF_TYPESCRIPT and is_followed and after.text not in ("in", "instanceof", "of"):
            return _begins_statement(token, before)
        if word in _MODIFIERS and is_followed and after.text not in ("in", "instanceof", "of"):
            return here.is_class or before.text in ("(", ",", ";", "}", "{", "export", "default")
        if word == "implements":
            return self.in_class_head
        if word == "class" and after.text != ":":
            self.in_class_head = True
        elif word in _DECLARATIONS:
            here.declares = True
        elif word == "case":
            here.is_case = True
        return False

    def _module_word(self, index: int, after: Token) -> bool:
        rest = self.every[index + 2 : index + 4]
        if after.text == "type" and rest and (rest[0].text in ("{", "*") or rest[0].kind == "name"):
            is_name = rest[0].text == "from" and len(rest) > 1 and rest[1].kind == "string"
            return not is_name
        end = _clause(self.every, index)
        if end is None and after.text == "{":  # the names that are exported
            places = range(index, len(self.every))
            end = next((place for place in places if self.every[place].text == "}"), None)
        self.skipped_to = self.skipped_to if end is None else end
        return (
            after.kind == "name" and bool(rest) and rest[0].text == "=" and self.every[index].text == "import"
        )

    def _punctuator(self, token: Token, before: Token, after: Token, beyond: Token) -> bool:
        here, sign = self.brackets[-1], token.text
        match sign:
            case "(" | "[" | "{" | "${":
                self.brackets.append(_Bracket(sign, sign == "{" and self.in_class_head))
                self.in_class_head = self.in_class_head and sign != "{"
            case ")" | "]" | "}":
                self.brackets = self.brackets[:-1] or [_Bracket("")]
            case "?" if (
                after.kind == "punctuator" and after.text in (":", ")", ",") and before.kind == "name"
            ):
                return True
            case "?":
                here.conditions += 1
            case ":":
                return self._colon(here, before)
            case "!":
                # Behind `if (…)` an operand may follow as well.
                is_last = before.text != ")" or after.text in (".", ")", ";", ",", "]", "}", ":")
                return _is_operand(before) and not token.begins_line and is_last
            case "<":
                is_operand = expects_operand(before) and before.text != "}"
                is_head = self.in_class_head or "function" in (before.text, beyond.text)
                touches = token.start == before.end and before.kind == "name" and before.text not in OPERATORS
                return is_operand or is_head or (touches and bool(_ARGUMENTS.match(self.text, token.start)))
            case "@":
                return True
            case ";" | "=":
                here.declares = False
                here.is_case = here.is_case and sign != ";"
                here.conditions = 0 if sign == ";" else here.conditions
        return False

    def _colon(self, here: _Bracket, before: Token) -> bool:
        """Is this the colon of a type?"""
        if here.conditions:
            here.conditions -= 1
            return False
        if here.is_case:
            here.is_case = False
            return False
        if here.opener == "(":
            return before.kind == "name" or before.text in ("}", "]", ")")
        if here.is_class:
            return before.kind in ("name", "string", "number") or before.text in ("]", ")")
        if here.declares and not before.begins_line:  # else it may be a label
            here.declares = False
            return True
        return before.text == ")" and here.opener != "["


def _begins_statement(token: Token, before: Token) -> bool:
    return token.begins_line or before.text in (";", "{", "}", "export", "default", "declare")


def _is_operand(before: Token) -> bool:
    """May this be the end of an operand?"""
    if before.kind == "name":
        return before.text not in OPERATORS
    return before.text in (")", "]") or before.kind == "string"
