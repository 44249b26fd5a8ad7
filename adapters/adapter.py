"""The protocol of an adapter, and what it is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pyastro.runtime.manifest import Manifest, Prerendered, Route


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a host can do."""

    renders_on_demand: bool
    """Does it run the site's code when a page is asked for?"""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a site cannot go to a host, and what to do about it."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Product:
    """A site, compiled and rendered as far as it is rendered ahead."""

    build: Path
    """The folder of the compiled build. Its files of `public/` are packed already."""
    manifest: Manifest
    files: Mapping[str, Prerendered]
    """What was rendered ahead, by the path below the base that each answers."""
    on_demand: Sequence[Route]
    """The pages and endpoints that are left to the host."""


class Pack(Protocol):
    """The folder that is written; it takes the old one's place when all is there."""

    @property
    def folder(self) -> Path:
        """Where it is being written."""

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

    def check(self, manifest: Manifest, on_demand: Sequence[Route]) -> Sequence[Problem]:
        """What of a site its host cannot do; asked before anything is rendered."""

    def build(self, product: Product, pack: Pack) -> None:
        """Put into the pack what the host needs beside the public files."""

    def preview(
        self, folder: Path, manifest: Manifest, host: str, port: int, on_listening: Callable[[str], None]
    ) -> int:
        """Serve a pack on this machine as its host would, until a signal comes; the exit status."""
