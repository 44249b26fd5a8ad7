"""Files of the site that pages name: where they are served, and what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["Asset", "Rendition", "assets"]


@dataclass(frozen=True, slots=True)
class Rendition:
    """What was made of an image for one tag: the attributes of the `<img>`, and the `<source>` elements before it."""

    src: str
    width: int
    height: int
    srcset: str = ""
    sizes: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    """The media type and the `srcset` of each."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file. As text it is its address, so that `<img src={logo}>` and `<img src={logo.src}>` are the same."""

    src: str
    """The address, with a hash of the contents in it: clients keep it for ever."""
    width: int | None = None
    """In pixels, as `height`; both are None where the file is no image of a format that is known."""
    height: int | None = None
    format: str = ""
    """What stands behind the last dot of the file's name, in lower case."""
    renditions: Mapping[str, Rendition] = field(default_factory=dict, compare=False, repr=False)
    """What `<Image>` and `<Picture>` show of it, by what they ask for."""

    def __str__(self) -> str:
        return self.src


def assets(table: Mapping[str, Asset]) -> Callable[[str], Asset]:
    """The function `asset` of a component: what its paths stand for was found out when it was compiled."""
    return table.__getitem__
