"""The decorator: fields are read from the class, and a method is made when somebody first asks for it."""

import sys
from _thread import get_ident
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")
Names = tuple[str, ...]
_MISSING: Any = object()
_FIELDS = "__value_fields__"


class Field:
    """What is said of a field beside its name."""

    __slots__ = ("compare", "default", "default_factory", "repr")

    def __init__(self, default: Any, default_factory: Any, repr: bool, compare: bool) -> None:
        self.default = default
        self.default_factory = default_factory
        self.repr = repr
        self.compare = compare


def field(
    *, default: Any = _MISSING, default_factory: Any = _MISSING, repr: bool = True, compare: bool = True
) -> Any:
    """As `dataclasses.field`. What is not compared is in no hash either."""
    return Field(default, default_factory, repr, compare)


def dataclass(cls: Any = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True) -> Any:
    """As `dataclasses.dataclass`; a base that has fields is such a class, too. What `dataclasses` tells of one of its own,
    it tells of these.
    """
    if cls is None:
        return lambda cls: dataclass(cls, frozen=frozen, slots=slots, eq=eq)
    own = {name: _own_field(cls, name) for name in _annotated(cls)}
    inherited = [getattr(base, _FIELDS, {}) for base in reversed(cls.__mro__[1:])]
    fields: dict[str, Field] = {}
    for each in (*inherited, own):
        fields |= each
    if slots:
        cls = _with_slots(cls, own)
    for name, value in _members(cls, fields, frozen, slots, eq).items():
        if name not in cls.__dict__:
            setattr(cls, name, value)
    return cls


def replace(value: T, /, **changes: Any) -> T:
    """As `dataclasses.replace`."""
    fields: Mapping[str, Field] = getattr(value, _FIELDS)
    return type(value)(**{name: getattr(value, name) for name in fields if name not in changes}, **changes)


# ---------------------------------------------------------------- the class


def _annotated(cls: type) -> list[str]:
    """The names that have a type in the class's own body."""
    if sys.version_info >= (3, 14):
        # There a type is looked up when it is asked for, and may be there for checkers alone.
        library = import_module("annotationlib")
        return list(library.get_annotations(cls, format=library.Format.FORWARDREF))
    return list(cls.__dict__.get("__annotations__", ()))  # noqa: RUF063  # `inspect` takes long to load


def _own_field(cls: type, name: str) -> Field:
    """What the class's body says of a field; its default stays on the class, as that of `dataclasses` does."""
    said = cls.__dict__.get(name, _MISSING)
    if not isinstance(said, Field):
        return Field(said, _MISSING, True, True)
    if said.default is _MISSING:
        delattr(cls, name)
    else:
        setattr(cls, name, said.default)
    return said


def _with_slots(cls: Any, own: Mapping[str, Field]) -> Any:
    """The same class once more: slots are made with a class, and never after."""
    members = {name: value for name, value in cls.__dict__.items() if name not in own}
    members.pop("__dict__", None)
    members.pop("__weakref__", None)
    made = type(cls)(cls.__name__, cls.__bases__, {**members, "__slots__": tuple(own)})
    made.__qualname__ = cls.__qualname__
    return made


def _members(cls: type, fields: Mapping[str, Field], frozen: bool, slots: bool, eq: bool) -> dict[str, Any]:
    """What the class gets, where its body does not have it."""
    members: dict[str, Any] = {
        _FIELDS: fields,
        "__match_args__": tuple(fields),
        "__init__": _Late(cls, "__init__", partial(_initializer, cls, fields, frozen, slots)),
        "__repr__": _shown,
    }
    for name in ("__dataclass_fields__", "__dataclass_params__"):
        members[name] = _Late(cls, name, partial(_of_twin, cls, fields, frozen, eq, name))
    compared = tuple(name for name, each in fields.items() if each.compare)
    if eq:
        members["__eq__"] = _Late(cls, "__eq__", partial(_equality, compared))
        members["__hash__"] = _Late(cls, "__hash__", partial(_hash, compared)) if frozen else None
    if frozen:
        members |= {"__setattr__": _refuse_change, "__delattr__": _refuse_removal}
    if frozen and slots:
        members |= {"__getstate__": _state, "__setstate__": _restore}
    return members


class _Late:
    """A member of a class that is made when it is first asked for, and then takes this one's place."""

    __slots__ = ("cls", "make", "name")

    def __init__(self, cls: type, name: str, make: Callable[[], Any]) -> None:
        self.cls = cls
        self.name = name
        self.make = make

    def __get__(self, instance: object, owner: type) -> Any:
        made = self.make()
        type.__setattr__(self.cls, self.name, made)
        bind = getattr(type(made), "__get__", None)
        return made if instance is None or bind is None else bind(made, instance, owner)


def _of_twin(cls: type, fields: Mapping[str, Field], frozen: bool, eq: bool, name: str) -> Any:
    """What a class of `dataclasses` with the same fields has as an attribute of this name."""
    import dataclasses

    def same(each: Field) -> Any:
        said: dict[str, Any] = {"repr": each.repr, "compare": each.compare}
        for option in ("default", "default_factory"):
            if getattr(each, option) is not _MISSING:
                said[option] = getattr(each, option)
        return dataclasses.field(**said)

    made = [(field, Any, same(each)) for field, each in fields.items()]
    return getattr(dataclasses.make_dataclass(cls.__name__, made, frozen=frozen, eq=eq), name)


# ---------------------------------------------------------------- its methods


def _initializer(cls: type, fields: Mapping[str, Field], frozen: bool, slots: bool) -> Callable[..., None]:
    """`__init__`, written as Python. A slot is filled by its own descriptor: that is the fastest way past `__setattr__`."""
    known: dict[str, Any] = {"_MISSING": _MISSING, "_set": object.__setattr__}
    parameters, lines = ["self"], []
    for name, each in fields.items():
        value = name
        if each.default is not _MISSING:
            known[f"_default_{name}"] = each.default
            parameters.append(f"{name}=_default_{name}")
        elif each.default_factory is not _MISSING:
            known[f"_make_{name}"] = each.default_factory
            parameters.append(f"{name}=_MISSING")
            value = f"_make_{name}() if {name} is _MISSING else {name}"
        else:
            parameters.append(name)
        if frozen and slots:
            known[f"_set_{name}"] = getattr(cls, name).__set__
            lines.append(f"_set_{name}(self, {value})")
        else:
            lines.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n ".join(lines) or "pass"
    exec(f"def __init__({', '.join(parameters)}):\n {body}", known)
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__module__ = cls.__module__
    return made


def _getter(names: Names) -> Callable[[Any], tuple[Any, ...]]:
    """Takes the values of these attributes."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _equality(names: Names) -> Callable[[Any, object], bool]:
    values = _getter(names)

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    return __eq__


def _hash(names: Names) -> Callable[[Any], int]:
    values = _getter(names)

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(values(self))

    return __hash__


_shown_now: set[tuple[int, int]] = set()
"""The values that are being shown, each with its thread: one may hold itself."""


def _shown(self: Any) -> str:
    key = id(self), get_ident()
    if key in _shown_now:
        return "..."
    _shown_now.add(key)
    try:
        fields: Mapping[str, Field] = getattr(self, _FIELDS)
        parts = (f"{name}={getattr(self, name)!r}" for name, each in fields.items() if each.repr)
        return f"{type(self).__qualname__}({', '.join(parts)})"
    finally:
        _shown_now.discard(key)


def _refuse_change(self: object, name: str, _: object) -> None:
    raise _frozen("assign to", name)


def _refuse_removal(self: object, name: str) -> None:
    raise _frozen("delete", name)


def _frozen(deed: str, name: str) -> Exception:
    from dataclasses import FrozenInstanceError

    return FrozenInstanceError(f"cannot {deed} field {name!r}")


def _state(self: object) -> list[Any]:
    """What pickle and copy take along: they would set attributes one by one."""
    return [getattr(self, name) for name in getattr(self, _FIELDS)]


def _restore(self: object, state: list[Any]) -> None:
    for name, value in zip(getattr(self, _FIELDS), state, strict=True):
        object.__setattr__(self, name, value)
