"""Settings that are tables of settings: each of theirs has its reader, and all that is wrong is found at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

Reader = Callable[[object], Any]


class Fault(NamedTuple):
    """What is wrong with one setting. `keys` lead to it inside of the setting that was read: none for itself."""

    keys: tuple[str, ...]
    expected: str
    value: object
    known: tuple[str, ...] | None = None
    """Where there is no such setting: those that there are."""


class Wrong(Exception):
    """A value that a setting cannot have."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults)
        self.faults = faults


def wrong(expected: str, value: object, *keys: str) -> Wrong:
    """The value cannot be had: something else was expected."""
    return Wrong(Fault(keys, expected, value))


def all_of(faults: Iterable[Wrong]) -> None:
    """Raises one Wrong with everything that is wrong; nothing where nothing is."""
    found = [fault for each in faults for fault in each.faults]
    if found:
        raise Wrong(*found)


def read_table(value: object, readers: Mapping[str, Reader], expected: str) -> dict[str, Any]:
    """The settings of a table, read. `expected` says what the table looks like."""
    if not isinstance(value, dict):
        raise wrong(expected, value)
    return read_each(value, lambda key: readers.get(key), readers)


def read_each(
    table: Mapping[str, object],
    reader_of: Callable[[str], Reader | None],
    known: Collection[str] = (),
) -> dict[str, Any]:
    """The settings of a table, each read by its reader; one without is unknown. Raises Wrong with all faults."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, value in table.items():
        reader = reader_of(key)
        if reader is None:
            faults.append(Fault((key,), "", value, tuple(known)))
            continue
        try:
            values[key] = reader(value)
        except Wrong as error:
            faults += [
                Fault((key, *each.keys), each.expected, each.value, each.known) for each in error.faults
            ]
    if faults:
        raise Wrong(*faults)
    return values


# ---------------------------------------------------------------- readers of simple values


def one_of(*choices: str) -> Reader:
    """A reader of a word out of a closed list."""

    def read(value: object) -> str:
        if isinstance(value, str) and value in choices:
            return value
        raise wrong(f"one of {', '.join(f'`{choice}`' for choice in choices)}", value)

    return read


def text(expected: str) -> Reader:
    """A reader of a text that can be printed."""

    def read(value: object) -> str:
        if isinstance(value, str) and value and value.isprintable():
            return value
        raise wrong(expected, value)

    return read


def boolean(value: object) -> bool:
    """True or false."""
    if isinstance(value, bool):
        return value
    raise wrong("`true` or `false`", value)


def whole_number(least: int) -> Reader:
    """A reader of a number that has no fraction."""

    def read(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        raise wrong(f"a whole number of {least} or more", value)

    return read
