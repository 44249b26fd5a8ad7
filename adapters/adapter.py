"""The protocol of an adapter, and what it is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pyastro.runtime.manifest import Manifest, Prerendered, Route
from pyastro.runtime.sessions.settings import Driver

ALL_DRIVERS: frozenset[Driver] = frozenset(("sqlite", "memory", "redis", "cookie"))


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a host can do."""

    renders_on_demand: bool
    """Does it run the site's code when a page is asked for?"""
    sends_files_alone: bool = False
    """Is no code packed for a site of which nothing is rendered on demand? Then redirects become files and rules."""
    sends_headers: bool = True
    """Does it send the headers of pages that were rendered ahead? Else a Content-Security-Policy becomes an element."""
    is_at_root: bool = False
    """Is its public folder the root of the host, whatever the base is? Then files lie below their base in it."""
    streams: bool = True
    """Does it send the beginning of a response before its end is known?"""
    sessions: frozenset[Driver] = ALL_DRIVERS
    """The session drivers that work there."""


class PreviewUnavailable(Exception):
    """A pack cannot be run on this machine: a sentence that says why, and what to install or do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a site cannot go to a host, and what to do about it."""

    message: str
    hint: str
    is_local: bool = False
    """Does it stand against building the site on this machine alone, so that another one may do it?"""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A site, compiled, of which nothing is rendered yet."""

    build: Path
    """The folder of the compiled build."""
    manifest: Manifest
    on_demand: Sequence[Route]
    """The pages and endpoints that are left to the host."""


@dataclass(frozen=True, slots=True)
class Product(Compiled):
    """A site, compiled and rendered as far as it is rendered ahead. Its files of `public/` are packed already."""

    files: Mapping[str, Prerendered]
    """What was rendered ahead, by the path below the base that each answers."""
    redirects: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Where the paths of those files lead that stand for redirects, with the status; by the whole path."""


class Pack(Protocol):
    """The folder that is written; it takes the old one's place when all is there."""

    @property
    def paths(self) -> Sequence[str]:
        """The files that were put into it so far, with `/`."""

    def read(self, path: str) -> bytes:
        """The bytes of one of them."""

    def write(self, path: str, data: bytes) -> None:
        """Put a file of these bytes into it."""

    def copy(self, path: str, source: Path) -> None:
        """Put a copy of a file into it."""


class Adapter(Protocol):
    """Packs a site for one kind of host."""

    @property
    def name(self) -> str:
        """What the setting `adapter` calls it."""

    @property
    def capabilities(self) -> Capabilities:
        """What its host can do."""

    @property
    def public(self) -> str:
        """The folder inside the pack for what is sent as it is: `public` and rendered files. "" is the pack itself."""

    def check(self, compiled: Compiled) -> Sequence[Problem]:
        """What of a site its host cannot do, besides what its capabilities tell; asked before anything is rendered."""

    def build(self, product: Product, pack: Pack) -> None:
        """Put into the pack what the host needs beside the public files."""

    def preview(
        self, folder: Path, manifest: Manifest, host: str, port: int, on_listening: Callable[[str], None]
    ) -> int:
        """Serve a pack on this machine as its host would, until a signal comes; the exit status.

        Raises PreviewUnavailable where the host's own part is not installed, and OSError for a port that is taken.
        """
