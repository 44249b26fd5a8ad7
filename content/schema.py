"""Checking data against a schema: a dataclass, a TypedDict or a pydantic model."""

import dataclasses
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from pyastro.assets import Asset
from pyastro.content.reference import Reference
from pyastro.runtime.suggest import closest

Path = tuple[str | int, ...]
_PLAIN: dict[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    datetime: "a date with a time",
    date: "a date such as 2024-02-29",
    time: "a time",
    dict: "names with values",
    list: "a list",
}


class SchemaError(ValueError):
    """A value that does not fit: where it is inside the data, and what was expected."""

    def __init__(self, path: Path, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path
        self.sentence = sentence


class Schema:
    """What the data of entries is checked against. `known(collection, id)` hears of each reference."""

    def __init__(self, kind: Any, known: Callable[[object, str], None]) -> None:
        self._kind = kind
        self._known = known
        self._fields: dict[Any, _Fields] = {}
        """Those of each class: they are the same for all entries, and end with the site that they belong to."""

    def checked(self, data: Mapping[str, Any], asset: Callable[[str], Asset | None]) -> Any:
        """The data as the schema has it; `asset(path)` finds an image beside the entry. Raises SchemaError.

        A pydantic model checks its data itself. Otherwise a field that the schema lacks is an error, and so is a value of
        another type: text stays text, numbers numbers.
        """
        if self._kind is None:
            return dict(data)
        if hasattr(self._kind, "model_validate"):
            return _by_pydantic(_with_assets(data, self._kind, asset), self._kind)
        return _Checker(self._known, asset, self._fields).value(dict(data), self._kind, ())


class _Fields(NamedTuple):
    """The fields of a dataclass or a `TypedDict`."""

    types: Mapping[str, Any]
    needed: Sequence[str]
    """Those that have no default."""


def _with_assets(
    data: Mapping[str, Any], schema: Any, asset: Callable[[str], Asset | None]
) -> Mapping[str, Any]:
    """The data for a pydantic model, with the images that its own fields ask for."""
    fields = getattr(schema, "model_fields", {})
    wanted = {
        f.alias or name for name, f in fields.items() if Asset in (f.annotation, *get_args(f.annotation))
    }
    found = {name: asset(value) for name, value in data.items() if name in wanted and isinstance(value, str)}
    return {**data, **{name: each for name, each in found.items() if each is not None}}


def _by_pydantic(data: Mapping[str, Any], schema: Any) -> Any:
    try:
        return schema.model_validate(dict(data))
    except ValueError as error:
        found = getattr(error, "errors", None)
        first = found()[0] if found is not None else {"loc": (), "msg": str(error)}
        where = ".".join(map(str, first["loc"]))
        raise SchemaError(tuple(first["loc"]), f"`{where}`: {first['msg']}") from None


class _Checker:
    def __init__(
        self,
        known: Callable[[object, str], None],
        asset: Callable[[str], Asset | None],
        fields: dict[Any, _Fields],
    ) -> None:
        self._known = known
        self._asset = asset
        self._read_fields = fields

    def value(self, value: Any, kind: Any, path: Path) -> Any:
        """A value as its type has it."""
        origin, arguments = get_origin(kind), get_args(kind)
        if kind is Any or kind is object:
            return value
        if origin in (NotRequired, Required):
            return self.value(value, arguments[0], path)
        if origin is Annotated:
            return self._annotated(value, arguments, path)
        if kind is Asset:
            return self._image(self._of(value, str, path), path)
        if origin in (Union, types.UnionType):
            return self._union(value, arguments, path)
        if origin is Literal:
            return self._one_of(value, arguments, path)
        if origin in (list, tuple, set, frozenset):
            return self._items(value, origin, arguments, path)
        if origin is dict or origin is Mapping:
            items = self._of(value, dict, path).items()
            return {key: self.value(each, arguments[1], (*path, key)) for key, each in items}
        if dataclasses.is_dataclass(kind) or is_typeddict(kind):
            return self._fields(value, kind, path)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(self._one_of(value, tuple(each.value for each in kind), path))
        return self._of(value, kind, path)

    def _annotated(self, value: Any, arguments: tuple[Any, ...], path: Path) -> Any:
        kind, *notes = arguments
        if get_origin(kind) is Reference or kind is Reference:
            id, collection = self._of(value, str, path), notes[0]
            try:
                self._known(collection, id)
            except LookupError as error:
                raise SchemaError(path, f"`{_shown(path)}`: {error.args[0]}") from None
            return Reference(id, collection)
        return self.value(value, kind, path)

    def _image(self, written: str, path: Path) -> Asset:
        """The image that a path means."""
        found = self._asset(written)
        if found is None:
            raise SchemaError(path, f"`{_shown(path)}`: there is no image {written!r} beside this file")
        return found

    def _union(self, value: Any, kinds: tuple[Any, ...], path: Path) -> Any:
        if value is None and type(None) in kinds:
            return None
        others = [kind for kind in kinds if kind is not type(None)]
        problem: SchemaError | None = None
        for kind in others:
            try:
                return self.value(value, kind, path)
            except SchemaError as error:
                problem = problem or error
        if len(others) == 1 and problem is not None:
            raise problem
        expected = " or ".join(_PLAIN.get(kind, getattr(kind, "__name__", str(kind))) for kind in others)
        raise _unexpected(path, expected, value)

    def _one_of(self, value: Any, choices: tuple[Any, ...], path: Path) -> Any:
        if value not in choices:
            raise _unexpected(path, f"one of {', '.join(map(repr, choices))}", value)
        return value

    def _items(self, value: Any, origin: Any, arguments: tuple[Any, ...], path: Path) -> Any:
        kind = arguments[0] if arguments else Any
        items = self._of(value, list, path)
        return origin(self.value(each, kind, (*path, at)) for at, each in enumerate(items))

    def _fields(self, value: Any, kind: Any, path: Path) -> Any:
        data = self._of(value, dict, path)
        if kind not in self._read_fields:
            self._read_fields[kind] = _Fields(get_type_hints(kind, include_extras=True), _needed(kind))
        hints, needed = self._read_fields[kind]
        for name in data:
            if name not in hints:
                close = closest(name, hints)
                advice = f"did you mean `{close}`?" if close else f"there are: {', '.join(hints)}"
                raise SchemaError(
                    (*path, name), f"`{_shown((*path, name))}` is no field of {kind.__name__}; {advice}"
                )
        for name in needed:
            if name not in data:
                raise SchemaError(path, f"The field `{_shown((*path, name))}` of {kind.__name__} is missing")
        values = {name: self.value(each, hints[name], (*path, name)) for name, each in data.items()}
        try:
            return kind(**values)
        except (TypeError, ValueError) as error:
            raise SchemaError(path, str(error)) from None

    def _of(self, value: Any, kind: Any, path: Path) -> Any:
        """A value of a plain type. A whole number is a number, a date with a time is no date, and text is never one."""
        if kind is float and type(value) is int:
            return float(value)
        is_it = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
        if kind is date and isinstance(value, datetime):
            is_it = False
        if kind is datetime and type(value) is date:
            return datetime(value.year, value.month, value.day)
        if not is_it:
            raise _unexpected(path, _PLAIN.get(kind, getattr(kind, "__name__", str(kind))), value)
        return value


def _needed(kind: Any) -> list[str]:
    """The fields that have no default."""
    if is_typeddict(kind):
        return sorted(kind.__required_keys__)
    missing = dataclasses.MISSING
    fields = [f for f in dataclasses.fields(kind) if f.default is missing and f.default_factory is missing]
    return [f.name for f in fields if f.init]


def _unexpected(path: Path, expected: str, value: Any) -> SchemaError:
    kind = "nothing" if value is None else f"{_PLAIN.get(type(value), type(value).__name__)}: {value!r:.60}"
    return SchemaError(path, f"`{_shown(path)}` should be {expected}, and is {kind}")


def _shown(path: Path) -> str:
    return ".".join(map(str, path)) or "the data"
