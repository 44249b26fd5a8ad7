"""A text with front matter: YAML between lines of `---`, or TOML between lines of `+++`."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FENCES = {"---": "yaml", "+++": "toml"}


class FrontMatterError(ValueError):
    """What is wrong with front matter or data, at a line and a column from 1 in the whole text."""

    def __init__(self, message: str, line: int, column: int = 1) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Document:
    """A text, taken apart."""

    data: Mapping[str, Any]
    """The front matter; empty where there is none."""
    body: str
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of each key of the front matter, from 1; of what is inside of a value as well: `tags.0`."""
    first_line: int = 1
    """The line at which the body begins."""


def read_document(text: str) -> Document:
    """The front matter and the body of a text. Raises FrontMatterError."""
    first, _, rest = text.removeprefix("\ufeff").partition("\n")
    fence = first.rstrip()
    if fence not in _FENCES:
        return Document({}, text)
    end = re.search(rf"^{re.escape(fence)}[ \t]*\r?$\n?", rest, re.MULTILINE)
    if end is None:
        raise FrontMatterError(f"The front matter is not closed: a line `{fence}` is missing", 1)
    data, lines = read_data(rest[: end.start()], _FENCES[fence], first_line=2)
    return Document(data, rest[end.end() :], lines, rest.count("\n", 0, end.end()) + 2)


def read_data(text: str, kind: str, first_line: int = 1) -> tuple[dict[str, Any], dict[str, int]]:
    """A table in YAML or TOML, and the lines of its keys, where the text begins at `first_line`.

    What is inside of a value is known by its path, `tags.0`, in YAML; in TOML, names alone are.
    """
    data, lines = _toml(text, first_line) if kind == "toml" else _yaml(text, first_line)
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise FrontMatterError("Names with values are expected, such as `title: Hello`", first_line)
    return data, lines


def _yaml(text: str, first_line: int) -> tuple[Any, dict[str, int]]:
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        data = {} if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        raise FrontMatterError(
            f"YAML: {error.problem or error.context}", line + first_line, column + 1
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FrontMatterError(f"YAML: {error}".splitlines()[0], first_line) from None
    finally:
        loader.dispose()
    return data, {} if node is None else dict(_yaml_lines(node, "", first_line, set()))


def _yaml_lines(node: yaml.Node, path: str, first_line: int, seen: set[int]) -> Iterator[tuple[str, int]]:
    """The path of each value inside of a node, and its line; a value that aliases repeat is entered once."""
    if id(node) in seen:
        return
    seen.add(id(node))
    inner: Iterable[tuple[str, yaml.Node, yaml.Node]] = ()
    if isinstance(node, yaml.MappingNode):
        inner = ((str(key.value), key, value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        inner = ((str(at), value, value) for at, value in enumerate(node.value))
    for name, place, value in inner:
        yield f"{path}{name}", place.start_mark.line + first_line
        yield from _yaml_lines(value, f"{path}{name}.", first_line, seen)


def _toml(text: str, first_line: int) -> tuple[Any, dict[str, int]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
        at = (int(place[1]), int(place[2])) if place and place[1] else (text.count("\n"), 1)
        sentence = str(error)[: place.start()] if place else str(error)
        raise FrontMatterError(f"TOML: {sentence}", at[0] + first_line - 1, at[1]) from None
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), first_line):
        found = re.match(r"\s*\[*\s*[\"']?([\w-]+)[\"']?\s*(?:[=.\]])", line)
        if found:
            lines.setdefault(found[1], number)
    return data, lines
