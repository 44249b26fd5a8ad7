"""Habits from other languages, recognised in what Python cannot read, and answered with Python's form."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from pyastro.compiler import messages
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.nodes import Attribute, ExpressionAttribute, QuotedAttribute, SpreadAttribute
from pyastro.compiler.python_text import TOKEN, Unterminated, string_end

_Answer: TypeAlias = "Callable[[tuple[int, int], re.Match[str]], Problem]"

_STATEMENT_WORDS = (
    "for|while|if|elif|else|try|except|finally|with|def|class|return|import|from|raise|pass|break|continue|del|assert|"
    "global|nonlocal|match|async|yield|endif|endfor"
)


_LOOP = r"(?P<name>\w+(?:\s*,\s*\w+)*)\s+in\s+(?P<items>[\w.]+(?:\(\))?)"
_TEST = r"(?P<test>[\w.]+(?:\s*[=!<>]=?\s*[\w.]+)?)"
_BLOCKS = (
    (
        rf"^\s*%-?\s*(?P<word>\w*)(?:\s+{_LOOP}\s*-?%|\s+{_TEST}\s*-?%)?[^{{}}]*",
        lambda at, found: messages.jinja_statement(
            at, found["word"], found["name"] or "x", found["items"] or "xs", found["test"] or "ok"
        ),
    ),
    (r"^\s*(?P<it>[:/@#]\s*[a-z]+)", lambda at, found: messages.svelte_block(at)),
    (r"^\s*//|/\*(?:(?s:.*?)\*/)?", lambda at, found: messages.jsx_comment(at)),
    (
        r"(?P<xs>[\w.]*)\.map\(\s*(?:async\b\s*)?\(?\s*(?P<x>\w+)[^=]*(?P<it>=>)",
        lambda at, found: messages.arrow_function(at, found["x"], found["xs"]),
    ),
)
_OPERATORS = (
    (
        r"(?<![\w.])(?P<it>Array\.from)\(\s*(?:(?P<xs>[\w.]+)\s*\))?",
        lambda at, found: messages.javascript_name(at, "Array.from", f"list({found['xs'] or '…'})"),
    ),
    (
        r"(?<![\w.])import\.meta\.env(?:\.(?P<key>\w+))?",
        lambda at, found: messages.javascript_environment(at, found["key"] or "KEY"),
    ),
    (r"=>", lambda at, found: messages.arrow_function(at)),
    (r"^\s*\.\.\.\s*(?P<name>[\w.]*)", lambda at, found: messages.spread_value(at, found["name"] or "x")),
    (r"&&|\|\|", lambda at, found: messages.javascript_operator(at, found[0])),
    (r"[=!]==", lambda at, found: messages.javascript_comparison(at)),
    (r"\?\.|\?\?", lambda at, found: messages.javascript_optional(at)),
    (r"\?", lambda at, found: messages.javascript_conditional(at)),
    (r"`[^`]*`?", lambda at, found: messages.backtick_string(at)),
    (r"(?<!\w)!(?=\s*[\w(!\"])", lambda at, found: messages.javascript_not(at)),
    (
        r"(?<![\w.])(?P<it>new|typeof|const|let|var|instanceof)\s+(?P<name>\w+)",
        lambda at, found: messages.javascript_keyword(at, found["it"], found["name"]),
    ),
    (
        r"(?<![\w.])(?P<it>function)\s*\w*\s*\([^)]*\)\s*\{",
        lambda at, found: messages.javascript_keyword(at, found["it"], ""),
    ),
    (r"\w(?P<it>\+\+|--)\s*$", lambda at, found: messages.javascript_keyword(at, found["it"], "")),
)
_STATEMENTS = (
    (
        rf"^\s*(?!(?:if|async|for)\b.*\bfor\b)(?P<it>(?P<word>{_STATEMENT_WORDS}))\b",
        lambda at, found: messages.statement_in_expression(at, found["word"]),
    ),
    (
        r"^\s*[\w.\[\]\"]+\s*(?P<it>(?:[-+*/%@&|^]|//|\*\*|<<|>>)?=)(?!=)",
        lambda at, found: messages.assignment_in_expression(at, found["it"]),
    ),
    (r";", lambda at, found: messages.statement_in_expression(at, ";")),
    (
        r"[\w)\]\"]\s*(?P<it><(?P<name>[A-Za-z][\w.:-]*)(?:\s[^<>]*)?/>)",
        lambda at, found: messages.markup_after_value(at, found["name"]),
    ),
)


def habit(code: str, offset: int) -> Problem | None:
    """A problem that names the Python form of what stands in `code`, which begins with a bracket at `offset`.

    Ask only about what is no Python.
    """
    text = without_strings(code[1:].removesuffix(")"))
    found = _answer(text, offset + 1, (*_BLOCKS, *_OPERATORS, *_STATEMENTS))
    return found or spread_habit(text, offset + 1)


def operator_habit(text: str, offset: int) -> Problem | None:
    """The same for operators on a line of the frontmatter, of which the strings are blank."""
    return _answer(text, offset, _OPERATORS)


def spread_habit(text: str, offset: int) -> Problem | None:
    """The same for `...x` inside of a bracket."""
    found = re.search(_SPREAD, text)
    bracket = _bracket_around(text[: found.start()]) if found else ""
    if not found or not bracket:
        return None
    return messages.plain_spread((offset + found.start(), offset + found.end()), found["name"], bracket)


_SPREAD = r"\.\.\.(?P<name>[A-Za-z_][\w.]*)"


def _bracket_around(text: str) -> str:
    """The innermost bracket that is open at the end of a text."""
    opened: list[str] = []
    for char in text:
        if char in "([{":
            opened.append(char)
        elif char in ")]}" and opened:
            opened.pop()
    return opened[-1] if opened else ""


def _answer(text: str, offset: int, habits: Iterable[tuple[str, _Answer]]) -> Problem | None:
    for pattern, answer in habits:
        found = re.search(pattern, text)  # compiled only now: most runs find none
        if found is not None:
            start, end = found.span("it" if "it" in found.re.groupindex else 0)
            lead = len(text[start:end]) - len(text[start:end].lstrip())
            end = start + len(text[start:end].rstrip())
            return answer((offset + start + lead, offset + end), found)
    return None


_BLOCK_WORD = r"(?P<kind>\{?#|[:/]|%-?|)\s*(?P<word>[a-z]*)"
_SVELTE_BLOCK = r"\{#([a-z]+)"
"""The beginning of a block, which the parser has told: it takes it for a comment without an end."""
_BLOCKS_OF_OTHERS = frozenset({"jinja-statement", "svelte-block", "statement-in-expression"})


def without_ends(problems: Iterable[Problem], text: str) -> list[Problem]:
    """Problems without those of `{% else %}`, `{/if}` and `{endif}` where a block that they may belong to is told."""
    kept: list[Problem] = []
    opened: set[str] = set()
    for problem in problems:
        start = problem.span[0]
        found = re.match(_BLOCK_WORD, text[start:]) if problem.code in _BLOCKS_OF_OTHERS else None
        if found is not None:
            before = (
                opened.union(re.findall(_SVELTE_BLOCK, text[:start]))
                if found["kind"] in ("/", ":")
                else opened
            )
            if _is_end(found["kind"], found["word"], before):
                continue
            opened.add(found["word"])
        kept.append(problem)
    return kept


def _is_end(kind: str, word: str, opened: set[str]) -> bool:
    """Does this belong to one of the blocks that were opened before?"""
    if kind == ":" or word.startswith("el"):
        return not opened.isdisjoint({"if", "for", "each"})
    is_end = kind == "/" or word.startswith("end")
    return is_end and (word if kind == "/" else word.removeprefix("end")) in opened


_HTML_NAMES = {"className": "class", "htmlFor": "for", "dangerouslySetInnerHTML": "set:html={…}"}
_EVENT_HANDLER = re.compile(r"on[A-Z]\w*")
_VUE = frozenset({"v-if", "v-else-if", "v-else", "v-for"})


def attribute_habits(attributes: Iterable[Attribute], has_vue: bool) -> Iterator[Problem]:
    """What is said of attributes of an element that only other languages have. `has_vue`: may Vue be in the page?"""
    for attribute in attributes:
        if isinstance(attribute, SpreadAttribute):
            continue
        name = attribute.name
        span = attribute.span.start, attribute.span.start + len(name)
        if name in _HTML_NAMES:
            yield messages.jsx_attribute_name(span, name, _HTML_NAMES[name])
        elif isinstance(attribute, ExpressionAttribute) and _EVENT_HANDLER.fullmatch(name):
            yield messages.jsx_event_handler(span, name)
        elif name in _VUE and not has_vue:
            value = attribute.value if isinstance(attribute, QuotedAttribute) else ""
            loop, test = re.fullmatch(_LOOP, value), re.fullmatch(_TEST, value)
            names = (loop["name"], loop["items"]) if loop else ("x", "xs")
            yield messages.vue_directive(span, name, *names, test["test"] if test else "ok")


def without_strings(text: str) -> str:
    """A text of the same length in which strings are empty and there are no comments, as far as both can be told."""
    pieces: list[str] = []
    at = 0
    while at < len(text):
        token = TOKEN.match(text, at)
        assert token is not None
        end = token.end()
        if token.lastgroup == "string":
            try:
                end = string_end(text, token)
            except Unterminated:
                return "".join(pieces) + text[at:]
            pieces.append('"' + " " * (end - at - 2) + '"')
        elif token.lastgroup == "comment":
            pieces.append(" " * (end - at))
        else:
            pieces.append(token.group())
        at = end
    return "".join(pieces)
