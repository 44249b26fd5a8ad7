"""What a build remembers of how it was made, so that the next run compiles only what has changed.

A module is compiled from its source, from the answers that the resolver gave, and from the interfaces of the components
that it imports. Each compilation is recorded with exactly what it asked; where every answer would be the same again,
the module is too. The file is a part of the build and, like the rest of it, depends on the sources alone.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pyastro.compiler
import pyastro.grammar
from pyastro.compiler.analyze import Interface
from pyastro.compiler.analyze.props import attribute_name, matching_field
from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.imports import Asset, ImportResolver, Resolution, Script
from pyastro.compiler.pipeline import Inspection
from pyastro.compiler.project.build_folder import CACHE
from pyastro.compiler.project.facts import Facts
from pyastro.compiler.project.known_files import KnownFiles
from pyastro.compiler.project.libraries import installed
from pyastro.compiler.project.remembered_bundle import Remembered
from pyastro.compiler.purpose import Purpose

_SOURCES = (".py", ".jinja", ".lark")

_INSPECTIONS = 100
"""So many are kept: each holds a syntax tree."""

Question = tuple[str, ...]


class Given(NamedTuple):
    """What a component gives to others, whichever they are."""

    attributes: tuple[str, ...] = ()
    """The names of all attributes."""
    slots: tuple[str, ...] = ()
    """The names of all slots for which there may be content."""


class Record(NamedTuple):
    """How one module was compiled."""

    code: str
    """The SHA-256 of its text."""
    is_page: bool
    styles: tuple[str, ...]
    answers: Mapping[Question, Any]
    """What was asked of the resolver, and what it answered."""
    interfaces: Mapping[str, str | None]
    """The interfaces that were looked at, as fingerprints; None for one that was not there."""
    given: Given = Given()
    calls: Mapping[str, str | None] = {}
    """The fingerprints of the same interfaces as far as they matter to who gives this."""
    diagnostics: tuple[Diagnostic, ...] = ()

    def still_holds(
        self,
        is_page: bool,
        styles: tuple[str, ...],
        resolver: ImportResolver,
        interfaces: Mapping[str, Interface],
        fingerprints: Mapping[str, str | None],
    ) -> bool:
        """Would the same be compiled again? The fingerprints are those of all interfaces."""
        if (self.is_page, self.styles) != (is_page, styles):
            return False
        for path, known in self.interfaces.items():
            is_same = fingerprints.get(path) == known
            if not is_same and call_fingerprint(interfaces.get(path), self.given) != self.calls[path]:
                return False
        return all(_ask(resolver, question) == answer for question, answer in self.answers.items())

    def with_interfaces(self, fingerprints: Mapping[str, str | None]) -> "Record":
        """The record of a module that still holds, with the interfaces as they are now."""
        now = {path: fingerprints.get(path) for path in self.interfaces}
        return self if now == self.interfaces else self._replace(interfaces=now)

    def to_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return {
            "code": self.code,
            "is_page": self.is_page,
            "styles": self.styles,
            "answers": [[list(question), answer] for question, answer in self.answers.items()],
            "interfaces": self.interfaces,
            "given": [self.given.attributes, self.given.slots],
            "calls": self.calls,
            "diagnostics": [d.to_json() for d in self.diagnostics],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Record":
        """The opposite of `to_json`."""
        return cls(
            code=data["code"],
            is_page=data["is_page"],
            styles=tuple(data["styles"]),
            answers={tuple(question): answer for question, answer in data["answers"]},
            interfaces=dict(data["interfaces"]),
            given=Given(*map(tuple, data["given"])),
            calls=dict(data["calls"]),
            diagnostics=tuple(Diagnostic(**d) for d in data["diagnostics"]),
        )


@dataclass(frozen=True)
class Entry:
    """What is remembered of one component."""

    facts: Facts
    record: Record

    @cached_property
    def text(self) -> str:
        """The same as a text in JSON."""
        return _json({"facts": self.facts.to_json(), "record": self.record.to_json()})


@dataclass(eq=False, repr=False)
class Memory:
    """What is remembered of each component that was compiled."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    bundle: Remembered | None = None
    """How the scripts were bundled, where there are any."""
    purpose: Purpose = Purpose.RUNNING
    """What the modules are for."""
    files: KnownFiles = field(default_factory=KnownFiles)
    """This and what follows a process keeps between two compilations, and no build."""
    inspections: Mapping[str, tuple[Facts, Inspection]] = field(default_factory=dict)
    """Those that were needed last: of components that are edited, and of those that use them."""

    @classmethod
    def read(cls, build: Path, purpose: Purpose = Purpose.RUNNING) -> "Memory":
        """What a build remembers; nothing, where another compiler made it, for another purpose, or the file is damaged."""
        try:
            data = json.loads((build / CACHE).read_bytes())
            if (data["compiler"], data["purpose"]) != (compiler_fingerprint(), purpose.value):
                return cls(purpose=purpose)
            entries = data["components"].items()
            known = {p: Entry(Facts.from_json(e["facts"]), Record.from_json(e["record"])) for p, e in entries}
            return cls(known, Remembered.from_json(data.get("bundle")), purpose)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls(purpose=purpose)

    def facts(self, root: Path, path: str, hash: str) -> Facts | None:
        """What is known of a source, if neither it nor a file that is part of it has changed."""
        entry = self.entries.get(path)
        if entry is None or entry.facts.hash != hash:
            return None
        is_same = all(self._holds(f"{root}/{read}", known) for read, known in entry.facts.reads.items())
        return entry.facts if is_same else None

    def _holds(self, file: str, hash: str) -> bool:
        try:
            return self.files.hash(file) == hash
        except OSError:
            return False

    def after(self, compiled: Mapping[str, tuple[Facts, Record]], bundle: Remembered | None) -> "Memory":
        """What is to be remembered when these components were compiled, or are the same as before."""
        entries = {path: self._entry(path, *each) for path, each in sorted(compiled.items())}
        return Memory(entries, bundle, self.purpose, self.files, self.inspections)

    def keep(self, used: Mapping[str, tuple[Facts, Inspection]]) -> None:
        """Keep inspections, and of those that were kept before as many as there is room for."""
        others = {path: each for path, each in self.inspections.items() if path not in used}
        self.inspections = dict(list({**others, **used}.items())[-_INSPECTIONS:])

    def inspection(self, path: str, facts: Facts) -> Inspection | None:
        """The inspection in which these facts were found, if it was kept."""
        known, inspection = self.inspections.get(path, (None, None))
        return inspection if known is facts else None

    def _entry(self, path: str, facts: Facts, record: Record) -> Entry:
        known = self.entries.get(path)
        is_same = known is not None and known.facts is facts and known.record is record
        return known if known is not None and is_same else Entry(facts, record)

    def to_bytes(self) -> bytes:
        """The file's bytes."""
        components = ",".join(f"{_json(path)}:{entry.text}" for path, entry in self.entries.items())
        parts = [
            f'"compiler":{_json(compiler_fingerprint())}',
            f'"purpose":{_json(self.purpose.value)}',
            f'"components":{{{components}}}',
        ]
        if self.bundle is not None:
            parts.append(f'"bundle":{_json(self.bundle.to_json())}')
        return f"{{{','.join(parts)}}}\n".encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@lru_cache(1 << 16)
def fingerprint(interface: Interface | None) -> str | None:
    """A short text that differs when an interface does."""
    if interface is None:
        return None
    return _digest(interface.to_json())


def call_fingerprint(interface: Interface | None, given: Given) -> str | None:
    """A short text that differs when an interface does for those who give this to components: what becomes of each
    attribute, what must be given, and at which place each slot is taken. A prop or a slot that nobody gives and nobody must
    give is none of their affair; nor are styles, which a page lists by itself.
    """
    if interface is None:
        return None
    own = (
        interface.path,
        interface.takes_attrs,
        interface.waits,
        interface.wants_spelling,
        interface.leaf,
        interface.hash,
    )
    return _digest([*own, _props_of_calls(interface, given), _slots_of_calls(interface, given)])


def _props_of_calls(interface: Interface, given: Given) -> Any:
    if interface.props is None:
        return None
    fields = {attribute_name(prop.name): prop.name for prop in interface.props}
    known = [matching_field(name, fields) for name in given.attributes]
    return [known, sorted(prop.name for prop in interface.props if prop.is_required)]


def _slots_of_calls(interface: Interface, given: Given) -> Any:
    if interface.slots is None:
        return None
    places = {name: place for place, name in enumerate(interface.slots)}
    return [places.get(name) for name in given.slots]


def _digest(data: Any) -> str:
    return sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


@cache
def compiler_fingerprint() -> str:
    """A text that differs when the compiler does: its own files, the libraries that shape what it writes, and the Python that checks it."""
    digest = sha256()
    own = Path(str(pyastro.compiler.__file__)).parent
    for folder in (own, Path(str(pyastro.grammar.__file__)).parent, own.parent / "markdown"):
        for path, file in sorted(_sources(str(folder))):
            digest.update(f"{path}\0".encode())
            with open(file, "rb") as stream:
                digest.update(stream.read())
    python = [str(part) for part in sys.version_info[:2]]
    digest.update("\0".join([*sorted(installed().values()), *python]).encode())
    return digest.hexdigest()[:32]


def _sources(folder: str) -> Iterator[tuple[str, str]]:
    """The sources below a folder, by their paths in it."""
    for above, _, names in os.walk(folder):
        for name in names:
            if name.endswith(_SOURCES):
                file = os.path.join(above, name)
                yield file[len(folder) + 1 :].replace(os.sep, "/"), file


# ---------------------------------------------------------------- recording


class RecordingResolver:
    """A resolver that notes what it is asked."""

    def __init__(self, resolver: ImportResolver) -> None:
        self.resolver = resolver
        self.answers: dict[Question, Any] = {}

    def module(self, importer: str, module: str | None, level: int) -> Resolution:
        """As the resolver answers."""
        found = self.resolver.module(importer, module, level)
        self.answers["module", importer, module or "", str(level)] = _listed(found)
        return found

    def member(self, importer: str, module: str | None, level: int, name: str) -> Resolution:
        """As the resolver answers."""
        found = self.resolver.member(importer, module, level, name)
        self.answers["member", importer, module or "", str(level), name] = _listed(found)
        return found

    def module_name(self, path: str) -> str:
        """As the resolver answers."""
        found = self.resolver.module_name(path)
        self.answers["module_name", path] = found
        return found

    def asset(self, importer: str, path: str) -> Asset:
        """As the resolver answers."""
        found = self.resolver.asset(importer, path)
        self.answers["asset", importer, path] = found.to_json()
        return found

    def script(self, component: str, start: int) -> Script:
        """As the resolver answers."""
        found = self.resolver.script(component, start)
        self.answers["script", component, str(start)] = list(found)
        return found


def _ask(resolver: ImportResolver, question: Question) -> Any:
    """The answer to a question that was recorded."""
    match question:
        case ("module", importer, module, level):
            return _listed(resolver.module(importer, module or None, int(level)))
        case ("member", importer, module, level, name):
            return _listed(resolver.member(importer, module or None, int(level), name))
        case ("asset", importer, path):
            return resolver.asset(importer, path).to_json()
        case ("script", component, start):
            return list(resolver.script(component, int(start)))
        case ("module_name", path):
            try:
                return resolver.module_name(path)
            except KeyError:
                return None
    return None


def _listed(resolution: Resolution) -> list[Any]:
    """A resolution as JSON."""
    found = resolution
    return [found.kind, found.path, found.module, found.suggestion, found.is_attribute]


class RecordingInterfaces(Mapping[str, Interface]):
    """Interfaces by path that note which of them were looked at."""

    def __init__(self, interfaces: Mapping[str, Interface]) -> None:
        self.interfaces = interfaces
        self.seen: dict[str, str | None] = {}

    def __getitem__(self, path: str) -> Interface:
        self.seen[path] = fingerprint(self.interfaces.get(path))
        return self.interfaces[path]

    def __iter__(self) -> Iterator[str]:
        for path in self.interfaces:
            self.seen[path] = fingerprint(self.interfaces[path])
            yield path

    def __len__(self) -> int:
        return len(self.interfaces)
