"""JavaScript in the frontmatter, recognised where Python cannot read it, and answered with Python's form."""

import ast
import keyword
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from pyastro.compiler import messages
from pyastro.compiler.analyze.habits import operator_habit, spread_habit, without_strings
from pyastro.compiler.diagnostics import Problem

_Hint: TypeAlias = "Callable[[re.Match[str]], str]"

_CONSTANTS = {"true": "True", "false": "False", "null": "None"}
_EXPORT = r"^(?:export\s+)?"

_STATEMENTS: tuple[tuple["re.Pattern[str]", _Hint], ...] = tuple(
    (re.compile(pattern), hint)
    for pattern, hint in (
        (r"^(//|/\*)", lambda found: "A comment begins with `#`."),
        (
            r"^(import)\s+(?P<name>\w+)\s+from\s*[\"'](?P<path>[^\"']+)[\"']",
            lambda found: _component_import(found["name"], found["path"]),
        ),
        (
            r"^(import)\s*(?:type\s*)?\{(?P<names>[^}]*)\}\s*from\s*[\"'](?P<path>[^\"']+)[\"']",
            lambda found: _names_import(found["names"].strip(" ,"), found["path"]),
        ),
        (
            r"^(import)\s*[\"'][^\"']+\.css[\"']",
            lambda found: "Write the styles in a `<style>`, or link a file of `public/`.",
        ),
        (r"^(import)\b.*[\"']", lambda found: "Imports are written `from ..components import Card`."),
        (
            _EXPORT + r"(interface|type|class)\s+(?P<name>\w+)\s*[={<](?P<rest>.*)$(?<!:)",
            lambda found: _type_hint(found[1], found["name"], found["rest"].strip()),
        ),
        (
            _EXPORT + r"(?:async\s+)?(function)\s*\*?\s*(?P<name>\w*)\s*\(",
            lambda found: f"In Python: `def {_snake(found['name']) or 'name'}(…):`, and its body indented.",
        ),
        (
            _EXPORT + r"(const|let|var)\s*\{(?P<names>[^}]*)\}?.*?(?:=\s*Astro\.props|$)",
            lambda found: _props_hint(found["names"]),
        ),
        (
            _EXPORT
            + r"(const|let|var)\s+(?P<name>\w+)[^=]*=\s*(?:async\s*)?(?:\([^)]*\)|\w+)[^=]*=>\s*(?P<rest>.*)",
            lambda found: f"In Python: `def {_snake(found['name'])}(…):`, or `{_snake(found['name'])} = lambda x: …`.",
        ),
        (
            _EXPORT
            + r"(const|let|var)\s+(?P<name>\w+)\s*=\s*(?P<value>true|false|null|\d+|\"\w*\"|'\w*')\s*;?$",
            lambda found: f"In Python: `{_snake(found['name'])} = {_CONSTANTS.get(found['value'], found['value'])}`.",
        ),
        (
            _EXPORT + r"(const|let|var)\s+(?P<name>\w+)",
            lambda found: f"In Python: `{_snake(found['name'])} = …`.",
        ),
        (_EXPORT + r"(const|let|var)\s*\[", lambda found: "In Python: `first, second = …`."),
        (
            r"^(export)\b",
            lambda found: "Nothing is exported: define `Props` or `get_static_paths`, and assign the rest.",
        ),
        (
            r"^(if|else\s+if|while|for|switch|try|catch|finally|else|do)\b\s*(?:\(.*\)\s*)?\{\s*$|^\}\s*(else|catch|finally)\b",
            lambda found: "In Python: `if x:`, and what belongs to it indented, without braces.",
        ),
        (r"^(\w+\?)\s*:\s*(?P<type>[\w\[\]]+)", lambda found: f"In Python: `{_optional(found)}`."),
        (r"^(new)\s+\w", lambda found: "In Python a class is called without `new`."),
    )
)


def _type_hint(word: str, name: str, rest: str) -> str:
    """What `type A = int` is before Python 3.12; and props, for anything else that declares a type."""
    if word == "type" and re.fullmatch(r"[A-Za-z_]\w*(?:[.\[\], |]+\w+)*\]*", rest):
        return (
            f"Python has this statement from 3.12 on. Before, an alias is an assignment: `{name} = {rest}`."
        )
    return "Props are a class: `class Props:`, and below it a line `title: str` for each."


def clause_hint(code: str) -> str | None:
    """Where a clause stands, if that is what Python does not expect here."""
    found = re.match(r"(?:else|elif|except|finally)\b", code)
    return found and f"`{found[0]}` stands right below the block that it goes on from, as far to the right."


def line_hint(line: str) -> str | None:
    """What is meant by a field of props or an import that Python cannot read."""
    field = re.match(r"\s+(\w+)\s*:[^:]*$", line)
    if field is not None and keyword.iskeyword(field[1]) and field[1] not in ("else", "try", "finally"):
        name = field[1].lower()
        return f"`{field[1]}` is a word of Python's: the field `{name}_` receives the prop `{name}`."
    return _import_hint(line)


def _import_hint(line: str) -> str | None:
    """How an import is written: `import ..a.Card`, `from ../a import Card`, `import Card from ..a` are not Python's."""
    dotted = re.match(r"\s*import\s+(\.+[\w.]*)\s*$", line)
    if dotted is not None:
        return f"Write `{messages.import_of(dotted[1])}`."
    member = re.match(r"\s*from\s+(\.*[\w.]*)\s+import\s+(\w+(?:\.\w+)+)\s*$", line)
    if member is not None:
        name = member[2].removesuffix(".astro")
        place = member[1] + "." * (not member[1].endswith(".")) + name
        return f"Write `{messages.import_of(place)}`."
    path = re.match(r"\s*from\s+[\"']?([./\w@~-]*/[\w./-]*)[\"']?\s+import\s+(.+)", line)
    turned = re.match(r"\s*import\s+(?P<names>[\w ,]+?)\s+from\s+(?P<path>[./@~]?[\w./@~-]*)\s*$", line)
    written, names = (path[1], path[2]) if path else (turned["path"], turned["names"]) if turned else ("", "")
    place = written if written and "/" not in written else _module(written.rstrip("/"))
    if not place:
        return None
    return f"{'Dots lead through folders' if path else 'In Python'}: `from {place} import {names.strip()}`."


def frontmatter_habit(text: str, offset: int, line: int) -> Problem | None:
    """A problem that names the Python form of the JavaScript on a line of the frontmatter, or before it.

    Ask only about what is no Python; `line` is where Python gave up.
    """
    for start, end in list(_lines(text))[:line]:
        found = _statement(text, start, end)
        if found is not None:
            return _answer(found, offset)
    start, end = list(_lines(text))[line - 1]
    shown = without_strings(text)[start:end]
    if re.search(r"(?:=|\(|return)\s*<[A-Za-z>]", shown):
        at = offset + start + shown.index("<")
        return messages.markup_in_frontmatter((at, at + 1))
    if known := _expression(shown, text[start:end], offset + start):
        return known
    problem = operator_habit(shown, offset + start)
    return problem and messages.without_markup(problem)


def _answer(found: tuple["re.Match[str]", int, str], offset: int) -> Problem:
    match, start, hint = found
    group = next(n for n in range(1, 3) if match[n] is not None)
    at = offset + start + match.start(group), offset + start + match.end(group)
    return messages.javascript_in_frontmatter(at, match[group], hint)


def _statement(text: str, start: int, end: int) -> tuple["re.Match[str]", int, str] | None:
    """A statement of JavaScript on a line, where it begins, and what to write."""
    line = text[start:end]
    lead = len(line) - len(line.lstrip())
    for pattern, hint in _STATEMENTS:
        found = pattern.match(line[lead:].rstrip())
        if found is not None:
            return found, start + lead, hint(found)
    return None


_COMMENT = re.compile(
    r"/\*|(?<=\s)//(?=\s*[^\W\d]\w*\s+(?!(?:and|or|if|else|in|is|not|for)\b)\w)|(?<=;)\s*//"
)
"""A comment of JavaScript's: behind `//` stand two words, or what is no Python stands before it."""
_CALL = re.compile(r"(?P<xs>[\w.]+)\.(?P<method>map|filter)\(\s*\(?\s*(?P<x>\w+)\s*\)?\s*(?P<it>=>)\s*")
_CONDITIONAL = re.compile(
    r"(?:^|(?<![=!<>])=(?!=)|\breturn\b)\s*(?P<test>(?:[^?=]|[=!<>]=)+?)\s*(?P<it>\?)(?![.?])"
    r"(?P<yes>[^?:]+):(?P<no>[^?:;]+);?\s*$"
)


def _expression(shown: str, line: str, offset: int) -> Problem | None:
    """An expression of JavaScript's in the author's own names. `shown` is the line without strings."""
    if found := _COMMENT.search(shown):
        start = found.end() - 2
        at = offset + start, offset + found.end()
        return messages.javascript_in_frontmatter(
            at, shown[start : found.end()], "A comment begins with `#`."
        )
    if found := _CALL.search(shown):
        body = line[found.end() : _bracket_end(shown, found.end())].strip()
        body = body if _is_python(body) else "…"
        x, xs = found["x"], found["xs"]
        python = (
            f"[{body} for {x} in {xs}]" if found["method"] == "map" else f"[{x} for {x} in {xs} if {body}]"
        )
        return messages.mapping_call((offset + found.start("it"), offset + found.end("it")), python)
    if found := _CONDITIONAL.search(shown):
        test, yes, no = (line[slice(*found.span(name))].strip() for name in ("test", "yes", "no"))
        if all(map(_is_python, (test, yes, no))):
            at = offset + found.start("it"), offset + found.end("it")
            return messages.plain_conditional(at, f"{yes} if {test} else {no}")
    return spread_habit(shown, offset)


def _bracket_end(text: str, start: int) -> int:
    """Where the bracket closes that is open at `start`."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth < 0:
            return at
    return len(text)


def _is_python(code: str) -> bool:
    """Is this an expression of Python's? It stands in a hint then."""
    try:
        ast.parse(code, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The range of each line; one that begins inside a string is empty."""
    blanked = without_strings(text)
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        is_code = start == 0 or blanked[start - 1] == "\n"
        yield start, end if is_code else start
        start = end + 1


# ---------------------------------------------------------------- what to write instead


def _component_import(name: str, path: str) -> str:
    place = _module(path)
    if place is None:
        return "Imports are written `from ..components import Card`."
    statement = messages.import_of(place)
    renamed = f" as {name}" if not statement.endswith(f" {name}") else ""
    return f"In Python: `{statement}{renamed}`."


def _names_import(names: str, path: str) -> str:
    place = _module(path)
    if path.endswith(".astro") and names.isidentifier():
        return _component_import(names, path)
    is_local = path.startswith((".", "@/", "~/"))
    return f"In Python: `from {place if place and is_local else '…'} import {names}`."


def _module(path: str) -> str | None:
    """The module that a path of JavaScript's leads to: `../components/Card.astro` is `..components.Card`."""
    found = re.fullmatch(r"(?P<up>(?:\./|\.\./|[@~]/)*)(?P<names>[\w/]+?)(?:\.\w+)?", path)
    if found is None:
        return None
    ups = found["up"].count("../")
    dots = "" if found["up"].startswith(("@", "~")) or not found["up"] else "." * (ups + 1)
    return dots + found["names"].replace("/", ".")


def _optional(found: "re.Match[str]") -> str:
    types = {"string": "str", "number": "int", "boolean": "bool"}
    return f"{_snake(found[1][:-1])}: {types.get(found['type'], found['type'])} | None = None"


def _props_hint(names: str) -> str:
    first = re.match(r"\s*(\w+)", names)
    field = _snake(first[1]) if first else "title"
    return f"Props are declared, and are names then: `class Props:`, and below it a line `{field}: str` for each."


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() if re.search("[a-z]", name) else name
