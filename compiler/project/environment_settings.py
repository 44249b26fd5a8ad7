"""`env`: the settings that a site takes from its environment, with their types; and the module that gives them to code."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pyastro.compiler.project.setting_tables import (
    Reader,
    all_of,
    boolean,
    one_of,
    read_each,
    read_table,
    whole_number,
    wrong,
)

MODULE = "env"
FILE = "env.py"

_NAME = r"[A-Z][A-Z0-9_]*"
_OPTIONS = {
    "string": {"secret", "min_length", "max_length"},
    "url": {"secret"},
    "int": {"min", "max"},
    "number": {"min", "max"},
    "bool": set[str](),
    "enum": {"values"},
}
"""What each type may say beside `default` and `optional`."""


def read_environment_settings(value: object) -> dict[str, dict[str, Any]]:
    """The declared settings, by name."""
    if not isinstance(value, dict):
        raise wrong('a table such as {PORT = {type = "int", default = 8000}}', value)
    return read_each(value, _declared)


def _declared(name: str) -> Reader:
    def read(value: object) -> dict[str, Any]:
        if not re.fullmatch(_NAME, name):
            raise wrong("a name in capital letters, digits and `_`", name)
        if name.startswith("PYASTRO_"):
            raise wrong("another name: those that begin with PYASTRO_ are pyastro's own", name)
        return _declaration(value)

    return read


def _declaration(value: object) -> dict[str, Any]:
    declaration = read_table(value, DECLARATION_READERS, 'a table such as {type = "int", default = 8000}')
    kind = declaration.get("type")
    if kind is None:
        raise wrong(f"one of {', '.join(f'`{each}`' for each in _OPTIONS)}", "missing", "type")
    all_of(
        wrong(f"left out: a setting of the type `{kind}` has none", declaration[key], key)
        for key in declaration
        if key not in _OPTIONS[kind] | {"type", "default", "optional"}
    )
    if kind == "enum" and "values" not in declaration:
        raise wrong('a list of words such as ["test", "live"]', "missing", "values")
    if "default" in declaration:
        _check_default(declaration)
    return declaration


def _check_default(declaration: Mapping[str, Any]) -> None:
    default = declaration["default"]
    if declaration.get("secret"):
        raise wrong("left out: a secret stands in no file", "given", "default")
    if declaration.get("optional"):
        raise wrong("left out where `optional` is true, or the other way round", default, "default")
    if not _fits(default, declaration):
        raise wrong("a value that the setting may have", default, "default")


def _fits(value: object, declaration: Mapping[str, Any]) -> bool:
    match declaration["type"]:
        case "bool":
            return isinstance(value, bool)
        case "int" | "number":
            kinds = int if declaration["type"] == "int" else (int, float)
            if not isinstance(value, kinds) or isinstance(value, bool) or not math.isfinite(value):
                return False
            return bool(declaration.get("min", value) <= value <= declaration.get("max", value))
        case "enum":
            return value in declaration["values"]
        case "url":
            return (
                isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w+.-]*:[^\s]*//[^\s]*", value) is not None
            )
    if not isinstance(value, str):
        return False
    return bool(declaration.get("min_length", 0) <= len(value) <= declaration.get("max_length", len(value)))


def _limit(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return value
    raise wrong("a number", value)


def _values(value: object) -> list[str]:
    if isinstance(value, list) and value and all(map(_is_word, value)) and len(set(value)) == len(value):
        return value
    raise wrong('a list of different words such as ["test", "live"]', value)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value) and value.strip() == value


def _any(value: object) -> object:
    if isinstance(value, str | int | float | bool):
        return value
    raise wrong("a value of the setting's type", value)


DECLARATION_READERS: Mapping[str, Reader] = {
    "type": one_of(*_OPTIONS),
    "secret": boolean,
    "optional": boolean,
    "default": _any,
    "min": _limit,
    "max": _limit,
    "min_length": whole_number(1),
    "max_length": whole_number(1),
    "values": _values,
}


# ---------------------------------------------------------------- the module


def environment_module(declarations: Mapping[str, Mapping[str, Any]], path: str) -> str:
    """The text of `env.py`: a typed name for each setting that the file `path` declares."""
    types = {name: _annotation(declaration) for name, declaration in declarations.items()}
    return "\n".join(
        [
            f'"""The settings that {path} declares under `env`, read from the environment when this module is imported."""',
            "",
            *_imports(types.values()),
            "_values = read_environment(",
            "    {",
            *(f"        {_python(name)}: {_python(each)}," for name, each in declarations.items()),
            "    }",
            ")",
            "",
            *(f'{name}: {annotation} = _values["{name}"]' for name, annotation in types.items()),
            "",
        ]
    )


def _annotation(declaration: Mapping[str, Any]) -> str:
    simple = {"int": "int", "number": "float", "bool": "bool"}
    if declaration["type"] == "enum":
        name = f"Literal[{', '.join(map(_python, declaration['values']))}]"
    elif declaration.get("secret"):
        name = "Secret"
    else:
        name = simple.get(declaration["type"], "str")
    return f"{name} | None" if declaration.get("optional") else name


def _imports(types: Any) -> Iterator[str]:
    names = {name for each in types for name in re.findall(r"^(?:Literal|Secret)\b", each)}
    if "Literal" in names:
        yield from ("from typing import Literal", "")
    yield f"from pyastro.runtime import {'Secret, ' if 'Secret' in names else ''}read_environment"
    yield ""


def _python(value: object) -> str:
    """A value as Python, with the quotes that black likes."""
    match value:
        case str():
            literal = repr(value)
            return literal if '"' in value else f'"{literal[1:-1]}"'.replace("\\'", "'")
        case dict():
            return "{" + ", ".join(f"{_python(key)}: {_python(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_python, value)) + "]"
    return repr(value)
