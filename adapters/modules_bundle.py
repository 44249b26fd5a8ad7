"""A bundle of modules as workerd reads it: a message of Cap'n Proto's (capnproto.org/encoding.html).

    struct Bundle { modules @0 :List(Module); }
    struct Module { name @0 :Text; union { src @1; wasm @4; data @5 } :Data; type @2 :UInt16; declaration @3 :Text; }

A message is one segment of words of eight bytes. A struct is a word for its numbers and three pointers.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_KINDS = {"script": 0, "wasm": 1, "data": 2}
"""What a module is, by its place in the union."""
_INTERNAL = 2
"""A module for the runtime's own modules alone."""
_WORDS, _POINTERS = 1, 3
_STRUCT, _LIST = 0, 1
_BYTES, _COMPOSITE = 2, 7


@dataclass(frozen=True, slots=True)
class Module:
    """One module of a bundle."""

    name: str
    kind: Literal["script", "wasm", "data"]
    content: bytes


def bundle(modules: Sequence[Module]) -> bytes:
    """The bundle of some modules."""
    segment = _Segment()
    root, size = segment.add(2), len(modules) * (_WORDS + _POINTERS)
    segment.point(root, root + 1, _STRUCT, 0, 1)
    tag = segment.add(1 + size)
    segment.point(root + 1, tag, _LIST, _COMPOSITE, size)
    segment.put(tag, len(modules) << 2 | _WORDS << 32 | _POINTERS << 48)
    for number, module in enumerate(modules):
        place = tag + 1 + number * (_WORDS + _POINTERS)
        segment.put(place, _INTERNAL | _KINDS[module.kind] << 16)
        segment.put_bytes(place + 1, module.name.encode() + b"\0")
        segment.put_bytes(place + 2, module.content)
    return struct.pack("<II", 0, len(segment)) + bytes(segment.data)


class _Segment:
    """The words of a message, which refer to one another by their distance."""

    def __init__(self) -> None:
        self.data = bytearray()

    def __len__(self) -> int:
        return len(self.data) // 8

    def add(self, words: int) -> int:
        """Room for some words; the place of the first."""
        place = len(self)
        self.data += bytes(8 * words)
        return place

    def put(self, place: int, word: int) -> None:
        struct.pack_into("<Q", self.data, place * 8, word)

    def point(self, place: int, target: int, kind: int, low: int, high: int) -> None:
        """A pointer to what begins at `target`: a struct of so many words and pointers, or a list of so many elements of a kind."""
        sizes = low << 32 | high << (48 if kind == _STRUCT else 35)
        self.put(place, kind | (target - place - 1) << 2 | sizes)

    def put_bytes(self, place: int, content: bytes) -> None:
        """A pointer to bytes, which are added at the end."""
        self.point(place, len(self), _LIST, _BYTES, len(content))
        self.data += content + bytes(-len(content) % 8)
