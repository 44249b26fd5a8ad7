"""The installed packages that others need, and the files of each."""

import importlib.metadata
import importlib.util
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path, PurePosixPath
from typing import cast

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_NATIVE = (*EXTENSION_SUFFIXES, ".so", ".pyd", ".dylib", ".dll")
_LEFT_OUT = frozenset(("RECORD", "INSTALLER", "REQUESTED", "direct_url.json"))
"""What installers note for themselves: it says where something lay on this machine."""

_NO_CODE = frozenset(("__pycache__", "node_modules"))


class NotInstalled(LookupError):
    """A package is needed, and is not installed here."""

    def __init__(self, name: str, wanted_by: str) -> None:
        """Name it, and who needs it."""
        super().__init__(f"{wanted_by} needs the package {name}, which is not installed")
        self.name = name


@dataclass(frozen=True)
class Package:
    """An installed package: its name, version and files."""

    name: str
    version: str
    files: Mapping[str, Path]
    """The files by their path below the folder for packages, with `/`."""
    is_edited: bool = False
    """Is it installed as editable, so that no index has it as it is here?"""

    @property
    def native(self) -> tuple[str, ...]:
        """Those of its files that hold machine code."""
        return tuple(path for path in self.files if is_native(path))

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that the wheel was made for (PyPA, platform compatibility tags): `manylinux_2_17_x86_64`."""
        wheel = next((file for path, file in self.files.items() if path.endswith(".dist-info/WHEEL")), None)
        lines = wheel.read_text("utf-8").splitlines() if wheel else []
        tags = [line.partition(":")[2].strip() for line in lines if line.startswith("Tag:")]
        return tuple(dict.fromkeys(tag.rpartition("-")[2] for tag in tags))

    def without_native(self) -> "Package":
        """The same without them."""
        kept = {path: file for path, file in self.files.items() if not is_native(path)}
        return replace(self, files=kept)


def is_native(path: str) -> bool:
    """Is a file machine code, by its name? Shared libraries have versions at the end: `libssl.so.3`."""
    name = PurePosixPath(path).name
    return name.endswith(_NATIVE) or ".so." in name


def closure(
    requirements: Iterable[tuple[str, str]], environment: Mapping[str, str] | None = None
) -> list[Package]:
    """The packages of some requirements, each with who wants it, and of what these require in turn; ordered by name.

    `environment` overrides what markers are compared with, such as `sys_platform`, for a host that is not this machine.
    Raises NotInstalled.
    """
    found: dict[str, Package] = {}
    pending = [(Requirement(text), wanted_by) for text, wanted_by in requirements]
    seen: set[tuple[str, frozenset[str]]] = set()
    while pending:
        requirement, wanted_by = pending.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            distribution = importlib.metadata.distribution(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            raise NotInstalled(requirement.name, wanted_by) from None
        found[key[0]] = package_of(distribution)
        pending += [
            (each, requirement.name) for each in _required(distribution, requirement.extras, environment)
        ]
    return [found[name] for name in sorted(found)]


def _required(
    distribution: importlib.metadata.Distribution,
    extras: Iterable[str],
    environment: Mapping[str, str] | None,
) -> Iterator[Requirement]:
    """What a package requires where some of its extras are wanted."""
    here = {**cast("dict[str, str]", default_environment()), **(environment or {})}
    for text in distribution.requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        environments = [{**here, "extra": extra} for extra in ("", *sorted(extras))]
        if marker is None or any(marker.evaluate(each) for each in environments):
            yield requirement


def package_of(distribution: importlib.metadata.Distribution) -> Package:
    """The package that a distribution is."""
    name = canonicalize_name(distribution.metadata["Name"])
    is_edited = _is_editable(distribution)
    files = _edited(distribution, name) if is_edited else _installed(distribution)
    return Package(name, distribution.version, dict(sorted(files)), is_edited)


def module_files(name: str) -> Iterator[tuple[str, Path]]:
    """The files of an importable module or package, wherever it lies, by their path below a folder for packages.

    None where there is no such module, which may be optional to those who import it.
    """
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        spec = None
    above = "/".join(name.split(".")[:-1])
    prefix = f"{above}/" if above else ""
    for location in (spec and spec.submodule_search_locations) or ():
        for path, file in _files(Path(location)):
            yield f"{name.replace('.', '/')}/{path}", file
    if spec is not None and spec.submodule_search_locations is None and spec.has_location and spec.origin:
        yield prefix + Path(spec.origin).name, Path(spec.origin)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files below a folder, in order.

    What is hidden stays at home, for in a folder that somebody works in that is `.env`, `.git` and `.venv`.
    """
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in _NO_CODE)
        for name in sorted(names):
            if not name.startswith("."):
                file = Path(place, name)
                yield file.relative_to(folder).as_posix(), file


def _edited(distribution: importlib.metadata.Distribution, name: str) -> Iterator[tuple[str, Path]]:
    """The files of a distribution that is installed as editable: where they are edited."""
    for module in (distribution.read_text("top_level.txt") or name.replace("-", "_")).split():
        yield from module_files(module)


def _installed(distribution: importlib.metadata.Distribution) -> Iterator[tuple[str, Path]]:
    for path in distribution.files or ():
        if ".." not in path.parts and "__pycache__" not in path.parts and not _is_left_out(path):
            file = Path(str(distribution.locate_file(path)))
            if file.is_file():
                yield path.as_posix(), file


def _is_left_out(path: PurePosixPath) -> bool:
    return path.parent.name.endswith(".dist-info") and path.name in _LEFT_OUT


def _is_editable(distribution: importlib.metadata.Distribution) -> bool:
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    return bool(origin.get("dir_info", {}).get("editable"))
