"""Files that pages name: each goes into the build under a name with a hash of its contents."""

import os
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from pyastro.compiler import messages
from pyastro.compiler.analyze.sass_styles import LANGUAGES, NoSassError, compile_sass
from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.imports import Asset
from pyastro.compiler.project.css_urls import references
from pyastro.compiler.project.image_size import image_size
from pyastro.compiler.source import Source
from pyastro.compiler.suggest import closest

FOLDER = "_astro"
"""Where they are served, below the base of the site. Clients may keep what they get from there for ever."""

_SOURCES = (".astro", ".py", ".pyc", ".pyi")
_STRANGE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass
class Assets:
    """The assets of a source root, each read once."""

    root: Path
    base: str = "/"
    files: dict[str, bytes] = field(default_factory=dict)
    """What is served, by its name in `public/`."""
    problems: list[Diagnostic] = field(default_factory=list)
    """What is wrong inside of style sheets."""
    _known: dict[str, Asset] = field(default_factory=dict)

    def find(self, importer: str, written: str) -> Asset:
        """The asset that a path means in the source `importer`."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(importer), written))
        if path not in self._known:
            self._known[path] = self._find(path, written)
        return self._known[path]

    def _find(self, path: str, written: str) -> Asset:
        names = path.split("/")
        if names[0] == ".." or written.startswith("/") or "\\" in written or "\0" in written:
            return Asset("outside")
        if any(name.startswith(".") for name in names) or path.endswith(_SOURCES):
            return Asset("refused")
        file = self.root / path
        if not file.is_file():
            return Asset("missing", suggestion=self._close(path, written))
        if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(self.root)):
            return Asset("outside")
        return self._served(path, file)

    def _close(self, path: str, written: str) -> str | None:
        """The file that was perhaps meant."""
        folder, _, name = path.rpartition("/")
        try:
            names = sorted(entry.name for entry in os.scandir(self.root / folder) if entry.is_file())
        except OSError:
            return None
        close = closest(name, [each for each in names if not each.startswith(".")])
        return posixpath.join(posixpath.dirname(written), close) if close else None

    def _served(self, path: str, file: Path) -> Asset:
        data = file.read_bytes()
        stem, extension = posixpath.splitext(posixpath.basename(path))
        format = _STRANGE.sub("", extension).lower()
        size = image_size(data, format)
        if format in LANGUAGES:
            data, format = self._compiled(path, data, format == "sass"), "css"
        if format == "css":
            data = self._style_sheet(path, data)
        digest = sha256(data).hexdigest()[:10]
        name = f"{FOLDER}/{_STRANGE.sub('_', stem).strip('_') or 'asset'}.{digest}{'.' + format if format else ''}"
        self.files[name] = data
        width, height = size or (None, None)
        return Asset("found", f"{self.base.rstrip('/')}/{name}", width, height, format)

    def _compiled(self, path: str, data: bytes, is_indented: bool) -> bytes:
        """The CSS of a file in Sass; nothing where it has an error."""
        source = Source(path, data.decode("utf-8", errors="replace").removeprefix("\ufeff"))
        try:
            compiled = compile_sass(source.text, path, self.root, is_indented)
        except NoSassError:
            self.problems.append(source.diagnose(messages.sass_package((0, 0))))
            return b""
        if (said := compiled.problem) is not None:
            found = source.diagnose(messages.sass_syntax((0, 0), said.message))
            where = replace(found, path=said.path or path, line=said.line, column=said.column)
            self.problems.append(where)
        return compiled.css.encode()

    def _style_sheet(self, path: str, data: bytes) -> bytes:
        """A style sheet in which local files have the names under which they are served."""
        source = Source(path, data.decode("utf-8", errors="replace").removeprefix("\ufeff"))
        self._known[path] = Asset("circle")  # until its contents, and with them its name, are known
        pieces, at = [], 0
        for reference in references(source.text):
            found = self.find(path, reference.path)
            if not found.url:
                at_css = (reference.start, reference.end)
                self.problems.append(source.diagnose(messages.wrong_asset(at_css, reference.path, found)))
                continue
            pieces += [source.text[at : reference.start], f'url("{found.url}{_escaped(reference.suffix)}")']
            at = reference.end
        return "".join([*pieces, source.text[at:]]).encode()


def _escaped(suffix: str) -> str:
    """A query or a fragment as it stands in a string of CSS."""
    return re.sub(r"[^\w\-.~!$&*+,;=:@/?#%]", lambda found: f"\\{ord(found.group()):x} ", suffix)


def asked(questions: Iterable[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Which assets some components asked for: the component, and the path as it is written."""
    return [(question[1], question[2]) for question in questions if question[0] == "asset"]
