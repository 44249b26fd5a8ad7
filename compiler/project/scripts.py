"""Module scripts that a browser cannot run as they are written: all of a site's are bundled together.

One bundle, because a module that two scripts import is one module in the browser too: it comes into a file of its own,
and what it holds is shared.
"""

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.analyze.javascript import tokens
from pyastro.compiler.analyze.module_script import ModuleScript
from pyastro.compiler.analyze.module_scripts import Specifier, specifiers
from pyastro.compiler.diagnostics import Diagnostic, Problem
from pyastro.compiler.imports import Script
from pyastro.compiler.project.assets import FOLDER
from pyastro.compiler.project.esbuild import Bundle, Complaint, Esbuild
from pyastro.compiler.project.layout import PUBLIC
from pyastro.compiler.project.remembered_bundle import Remembered
from pyastro.compiler.source import Source

LONGEST_INLINE = 4096
"""Bytes up to which a script stands in the page, as in Astro: a request costs more."""

_MODULES = (".cjs", ".js", ".json", ".jsx", ".mjs", ".mts", ".ts", ".tsx", "node_modules")
"""The names that an import may mean which is written without what stands behind the dot."""
_UNSAFE = re.compile(r"<(?:!--|/?script)", re.IGNORECASE)
_STRANGE = re.compile(r"[^A-Za-z0-9_-]+")
_UNRESOLVED = re.compile(r'Could not resolve "(?P<package>(?:@[^/"]+/)?[^/".][^/"]*)')

Place = tuple[str, int]
"""A script: the source, and where its element begins."""


@dataclass(slots=True)
class Bundled:
    """The scripts of a site, and the files that they are in."""

    scripts: dict[Place, Script] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """By their names in `public/`."""
    problems: list[Diagnostic] = field(default_factory=list)
    memory: Remembered | None = None


class _Entry(NamedTuple):
    """A script as esbuild reads it: what it imports relatively is named from where it lies."""

    source: Source
    script: ModuleScript
    text: str
    edits: tuple[tuple[Specifier, str], ...]

    @property
    def place(self) -> Place:
        return self.source.path, self.script.start

    def span(self, complaint: Complaint) -> tuple[int, int]:
        """The offsets in the source of what esbuild points at."""
        lines = re.split(r"(?<=\n)", self.text)
        at = sum(map(len, lines[: complaint.line - 1]))
        line = lines[complaint.line - 1] if complaint.line <= len(lines) else ""
        start = at + len(line.encode()[: complaint.column].decode("utf-8", "replace"))
        first, last = self._original(start), self._original(start + complaint.length)
        return first, max(last, first + 1)

    def _original(self, offset: int) -> int:
        shift = 0
        for specifier, written in self.edits:
            start = specifier.start + shift
            if offset < start:
                break
            grown = len(written) - (specifier.end - specifier.start)
            if offset < start + len(written):
                return self.script.text_start + min(offset - shift, specifier.end)
            shift += grown
        return self.script.text_start + offset - shift


def bundle_scripts(
    scripts: Iterable[tuple[Source, ModuleScript]],
    root: Path,
    base: str,
    memory: Remembered | None,
    build: Path,
) -> Bundled:
    """What becomes of these scripts. `memory` is what the last build, in the folder `build`, knows of them."""
    every, root = list(scripts), Path(os.path.realpath(root))
    esbuild = Esbuild.find(root)
    if esbuild is None:
        problems = [source.diagnose(messages.script_needs_esbuild(s.need, s.package)) for source, s in every]
        return Bundled(problems=problems)
    names = [[s.path, each.start, s.line_of(each.start), each.text] for s, each in every]
    key = sha256(json.dumps([esbuild.version, base, names]).encode("utf-8", "surrogatepass")).hexdigest()
    last = _last(memory, key, root, build)
    return last or _Run(esbuild, root, base, key).bundle(every)


def _last(memory: Remembered | None, key: str, root: Path, build: Path) -> Bundled | None:
    """The last bundle, if it would be the same again."""
    if memory is None or memory.key != key:
        return None
    if any(_digest(root, path) != known for path, known in memory.reads.items()):
        return None
    files = {}
    for name, known in memory.files.items():
        try:
            files[name] = (build / PUBLIC / name).read_bytes()
        except OSError:
            return None
        if sha256(files[name]).hexdigest() != known:
            return None
    scripts = {(path, start): Script(url, text) for path, start, url, text in memory.scripts}
    return Bundled(scripts, files, list(memory.warnings), memory)


class _Run:
    """One run of esbuild."""

    def __init__(self, esbuild: Esbuild, root: Path, base: str, key: str) -> None:
        self.esbuild = esbuild
        self.root = root
        self.base = base
        self.key = key
        self.entries: dict[str, _Entry] = {}
        """By their paths from the source root."""

    def bundle(self, scripts: Iterable[tuple[Source, ModuleScript]]) -> Bundled:
        with tempfile.TemporaryDirectory(prefix="pyastro-") as name:
            folder = Path(os.path.realpath(name))
            external = self._write(folder, scripts)
            bundle = self.esbuild.bundle([os.path.basename(e) for e in self.entries], folder, external)
        problems = [
            self._told(each) if each.is_error else self._told(each)._replace(severity="warning")
            for each in bundle.complaints
        ]
        problems += self._refused(bundle)
        if any(each.is_error for each in problems):
            return Bundled(problems=problems)
        return self._result(bundle, tuple(problems))

    def _write(self, folder: Path, scripts: Iterable[tuple[Source, ModuleScript]]) -> set[str]:
        """Write a file for each script; gives the addresses that they import."""
        external = set()
        for number, (source, script) in enumerate(scripts):
            found = _imports(script.text)
            external |= {each.path for each in found if not each.needs_bundler}
            here = self.root / os.path.dirname(source.path)
            edits = tuple(
                (each, json.dumps(_relative(here / each.path, folder), ensure_ascii=False))
                for each in found
                if each.path.startswith(".")
            )
            entry = _Entry(source, script, _edited(script.text, edits), edits)
            file = folder / f"{number}.ts"
            file.write_text(entry.text, "utf-8", "replace", newline="")
            self.entries[_relative(file, self.root)] = entry
        return external

    # ------------------------------------------------------------ what is wrong

    def _told(self, said: Complaint) -> Diagnostic:
        """What esbuild says, at the author's own file, line and column."""
        if not said.path:
            return next(iter(self.entries.values())).source.diagnose(
                messages.script_bundle((0, 0), said.message, None)
            )
        unresolved = _UNRESOLVED.match(said.message)
        package = unresolved["package"] if unresolved else None
        entry = self.entries.get(os.path.normpath(said.path))
        if entry is None:
            return self._told_of_file(said, package)
        message = said.message
        for specifier, written in entry.edits:
            message = message.replace(written, f'"{specifier.path}"')
        return entry.source.diagnose(messages.script_bundle(entry.span(said), message, package))

    def _told_of_file(self, said: Complaint, package: str | None) -> Diagnostic:
        path = _relative(self.root / said.path, self.root)
        try:
            line = (self.root / path).read_bytes().split(b"\n")[said.line - 1]
        except (OSError, IndexError):
            line = b""
        column = len(line[: said.column].decode("utf-8", "replace")) + 1
        found = Source(path, "").diagnose(messages.script_bundle((0, 0), said.message, package))
        end = column + said.length if said.length else None
        return found._replace(line=said.line, column=column, end_column=end)

    def _refused(self, bundle: Bundle) -> Iterator[Diagnostic]:
        """What is imported that is no module of the site's own or of a package."""
        told = False
        for path, known in bundle.inputs.items():
            # A package may lie elsewhere, where it is linked; how it was reached has been looked at.
            if path not in self.entries and not _is_servable(path):
                continue
            for each in known["imports"]:
                is_style = each["path"].endswith(".css")
                is_own = each.get("original", "").startswith((".", "/")) and not each.get("external")
                if "node_modules" not in path.split("/") and is_own and not _is_servable(each["path"]):
                    yield self._refusal(path, each["original"], messages.script_outside)
                elif is_style and "node_modules" not in path.split("/"):
                    told = True
                    yield self._refusal(path, each["original"], messages.script_style)
        for output in bundle.outputs.values():
            if "cssBundle" in output and not told:
                entry = self.entries[output["entryPoint"]]
                yield entry.source.diagnose(messages.script_style(entry.script.need, entry.script.package))

    def _refusal(
        self, path: str, original: str, message: Callable[[tuple[int, int], str], Problem]
    ) -> Diagnostic:
        """What is said of an import, at its place."""
        entry = self.entries.get(path)
        if entry is None:
            source = Source.read(self.root, path)
            at = max(source.text.find(original), 0)
            return source.diagnose(message((at, at + len(original)), original))
        written = json.dumps(original, ensure_ascii=False)
        every = [
            *((each, text) for each, text in entry.edits),
            *((e, f'"{e.path}"') for e in _imports(entry.script.text)),
        ]
        specifier = next(each for each, text in every if text == written)
        start = entry.script.text_start
        return entry.source.diagnose(
            message((start + specifier.start, start + specifier.end), specifier.path)
        )

    # ------------------------------------------------------------ what comes of it

    def _result(self, bundle: Bundle, warnings: tuple[Diagnostic, ...]) -> Bundled:
        found = Bundled(problems=list(warnings))
        names = self._names(bundle)
        for name, text in bundle.files.items():
            output = bundle.outputs[name]
            text = _with_names(text, names).removesuffix("\n")
            entry = self.entries.get(output.get("entryPoint", ""))
            is_whole = not any(not each.get("external") for each in output["imports"])
            if (
                entry is not None
                and is_whole
                and len(text.encode()) <= LONGEST_INLINE
                and not _UNSAFE.search(text)
            ):
                found.scripts[entry.place] = Script(text=text)
                continue
            found.files[f"{FOLDER}/{names[name]}"] = f"{text}\n".encode()
            if entry is not None:
                url = f"{self.base.rstrip('/')}/{FOLDER}/{names[name]}"
                found.scripts[entry.place] = Script(url=escape(url))
        found.memory = Remembered(
            key=self.key,
            reads={path: _digest(self.root, path) for path in self._reads(bundle)},
            scripts=tuple((*place, each.url, each.text) for place, each in sorted(found.scripts.items())),
            files={name: sha256(data).hexdigest() for name, data in sorted(found.files.items())},
            warnings=warnings,
        )
        return found

    def _names(self, bundle: Bundle) -> dict[str, str]:
        """The name of each file, with a hash of all that is loaded by it. esbuild's own depend on where the site lies."""
        names = {}
        blank = {
            name: _with_names(text, dict.fromkeys(bundle.files, "")) for name, text in bundle.files.items()
        }
        for name, output in bundle.outputs.items():
            texts = sorted(blank[each] for each in _reached(bundle, name))
            digest = sha256("\0".join([blank[name], *texts]).encode()).hexdigest()[:10]
            entry = self.entries.get(output.get("entryPoint", ""))
            stem = "chunk" if entry is None else os.path.basename(entry.source.path).partition(".")[0]
            names[name] = f"{_STRANGE.sub('_', stem).strip('_') or 'script'}.{digest}.js"
        return names

    def _reads(self, bundle: Bundle) -> list[str]:
        """All that the bundle depends on: its files, what stands beside them, and what tells what packages are."""
        found = {_relative(file, self.root) for file in self.esbuild.settings}
        folders = {os.path.dirname(entry.source.path) for entry in self.entries.values()}
        for path in bundle.inputs:
            if path in self.entries:
                continue
            found.add(path)
            if "node_modules" not in path.split("/"):
                folders.add(os.path.dirname(path))
            else:
                found |= set(_package_files(path))
        return sorted(found | {f"{folder or '.'}/" for each in folders for folder in _with_parents(each)})


def _imports(text: str) -> list[Specifier]:
    return list(specifiers(list(tokens(text))))


def _package_files(path: str) -> Iterator[str]:
    """Where what a package is may be said: from a file of it up to `node_modules`."""
    folder = os.path.dirname(path)
    while folder and os.path.basename(folder) != "node_modules":
        yield f"{folder}/package.json"
        folder = os.path.dirname(folder)


def _with_parents(folder: str) -> Iterator[str]:
    """A folder of the source root, and those that it lies in."""
    while folder and not folder.startswith(".."):
        yield folder
        folder = os.path.dirname(folder)
    yield "."


def _is_servable(path: str) -> bool:
    """May a file of this path, counted from the source root, be given to everybody?"""
    return (
        not path.startswith("../")
        and not os.path.isabs(path)
        and not any(name.startswith(".") for name in path.split("/"))
    )


def _reached(bundle: Bundle, name: str) -> set[str]:
    """The files that a file loads, and those that these load."""
    found, pending = {name}, [name]
    while pending:
        for each in bundle.outputs[pending.pop()]["imports"]:
            target = os.path.basename(each["path"])
            if not each.get("external") and target not in found:
                found.add(target)
                pending.append(target)
    return found


def _with_names(text: str, names: Mapping[str, str]) -> str:
    """The text of a file that imports other ones by these names."""
    return re.sub(r"\./(chunk-[A-Z0-9]{8}\.js)", lambda found: f"./{names.get(found[1], found[1])}", text)


def _edited(text: str, edits: Iterable[tuple[Specifier, str]]) -> str:
    pieces, at = [], 0
    for specifier, written in edits:
        pieces += [text[at : specifier.start], written]
        at = specifier.end
    return "".join([*pieces, text[at:]])


def _relative(path: Path, folder: Path) -> str:
    """A path from a folder, as imports and metafiles spell it."""
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _digest(root: Path, path: str) -> str | None:
    """The SHA-256 of a file, or of the names in a folder; None where it is not there."""
    try:
        if path.endswith("/"):
            names = sorted(name for name in os.listdir(root / path) if name.endswith(_MODULES))
            return sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()
        return sha256((root / path).read_bytes()).hexdigest()
    except OSError:
        return None
