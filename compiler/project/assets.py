"""Files that pages name: each goes into the build under a name with a hash of its contents."""

import os
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pyastro.compiler import messages
from pyastro.compiler.analyze.css_urls import Reference, with_addresses
from pyastro.compiler.analyze.sass_styles import LANGUAGES, NoSassError, compile_sass
from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.images import Recipe, Rendition
from pyastro.compiler.imports import Asset
from pyastro.compiler.project import messages as project_messages
from pyastro.compiler.project.layout import PUBLIC
from pyastro.compiler.project.wanted_images import WantedImages
from pyastro.compiler.source import Source
from pyastro.compiler.suggest import closest
from pyastro.minify import minified_file

if TYPE_CHECKING:
    from pyastro.compiler.project.image_files import Job
    from pyastro.compiler.project.image_plan import Picture, Variant

FOLDER = "_astro"
"""Where they are served, below the base of the site. Clients may keep what they get from there for ever."""

_SOURCES = (".astro", ".py", ".pyc", ".pyi")
_STRANGE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(eq=False, repr=False)
class Assets:
    """The assets of a source root, each read once."""

    root: Path
    base: str = "/"
    minifies: bool = False
    """Are style sheets and scripts made smaller?"""
    files: dict[str, bytes] = field(default_factory=dict)
    """What is served, by its name in `public/`."""
    problems: list[Diagnostic] = field(default_factory=list)
    """What is wrong inside of style sheets."""
    wanted: WantedImages = field(default_factory=WantedImages)
    """What tags ask for."""
    jobs: "dict[str, Job]" = field(default_factory=dict)
    """What is to be made of images, by the path of each."""
    _known: dict[str, Asset] = field(default_factory=dict)
    _files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """The name and the contents of what was found, by its path."""

    def find(self, importer: str, written: str) -> Asset:
        """The asset that a path means in the source `importer`."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(importer), written))
        if path not in self._known:
            self._known[path] = self._find(path, written)
        asset = self._known[path]
        recipes = self.wanted.recipes(importer, written)
        if asset.kind != "found" or not recipes:
            self._serve(path)
            return asset
        if asset.width is None or asset.height is None:
            return Asset("unreadable")
        return self._shown(path, asset, recipes, self.wanted.is_only_shown(importer, written))

    def _serve(self, path: str) -> None:
        """Let the file itself be served."""
        if path in self._files:
            name, data = self._files[path]
            self.files[name] = data

    def _shown(self, path: str, asset: Asset, recipes: tuple[Recipe, ...], is_only_shown: bool) -> Asset:
        """An image with all that is made of it. The file itself, and what a camera wrote into it, is served only where
        something names it.
        """
        from pyastro.compiler.project.image_files import pillow
        from pyastro.compiler.project.image_plan import Picture, Planner, shown_size
        from pyastro.compiler.project.image_size import is_kept

        assert asset.width is not None and asset.height is not None
        name, data = self._files[path]
        version = pillow()
        if version is None or is_kept(data, asset.format):
            self._serve(path)
            sizes = {each.key: shown_size(each, asset.width, asset.height) for each in recipes}
            whole = {key: Rendition(asset.url, *size) for key, size in sizes.items()}
            return asset._replace(
                renditions=whole, lacks_pillow=version is None and not is_kept(data, asset.format)
            )
        stem = posixpath.basename(name).partition(".")[0]
        format = {"jpeg": "jpg"}.get(asset.format, asset.format)
        picture = Picture(path, sha256(data).hexdigest(), stem, asset.width, asset.height, format)
        folder = asset.url.removesuffix(posixpath.basename(name))
        plans = {each.key: Planner(picture, each, folder, version).plan() for each in recipes}
        self._add_job(picture, data, [each for plan in plans.values() for each in plan.variants])
        renditions = {key: plan.rendition for key, plan in plans.items()}
        if is_only_shown:
            return asset._replace(url=renditions[recipes[0].key].src, renditions=renditions)
        self._serve(path)
        return asset._replace(renditions=renditions)

    def _add_job(self, picture: "Picture", data: bytes, variants: "Iterable[Variant]") -> None:
        from pyastro.compiler.project.image_files import Job

        known = self.jobs[picture.path].variants if picture.path in self.jobs else ()
        self.jobs[picture.path] = Job(picture, data, tuple(dict.fromkeys((*known, *variants))))

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

    def make_images(self, build: Path) -> None:
        """Make what is wanted of images; a file that the last build has is the same again, since its name says so."""
        from pyastro.compiler.project.image_files import make

        jobs = []
        for job in self.jobs.values():
            for variant in job.variants:
                name = f"{FOLDER}/{variant.name}"
                if (made := _contents(build / PUBLIC / name)) is not None:
                    self.files[name] = made
            left = tuple(each for each in job.variants if f"{FOLDER}/{each.name}" not in self.files)
            if left:
                jobs.append(job._replace(variants=left))
        for done in make(jobs):
            self.files |= {f"{FOLDER}/{name}": data for name, data in done.files.items()}
            if done.problem is not None:
                path = done.job.picture.path
                self.problems.append(project_messages.image_damaged(path, done.problem))

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
        from pyastro.compiler.project.image_size import image_size

        data = file.read_bytes()
        stem, extension = posixpath.splitext(posixpath.basename(path))
        format = _STRANGE.sub("", extension).lower()
        size = image_size(data, format)
        if format in LANGUAGES:
            data, format = self._compiled(path, data, format == "sass"), "css"
        if format == "css":
            data = self._style_sheet(path, data)
        if self.minifies:
            data = minified_file(data, format)
        digest = sha256(data).hexdigest()[:10]
        name = f"{FOLDER}/{_STRANGE.sub('_', stem).strip('_') or 'asset'}.{digest}{'.' + format if format else ''}"
        self._files[path] = name, data
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
            where = found._replace(path=said.path or path, line=said.line, column=said.column)
            self.problems.append(where)
        return compiled.css.encode()

    def _style_sheet(self, path: str, data: bytes) -> bytes:
        """A style sheet in which local files have the names under which they are served."""
        source = Source(path, data.decode("utf-8", errors="replace").removeprefix("\ufeff"))
        self._known[path] = Asset("circle")  # until its contents, and with them its name, are known

        def address(reference: Reference) -> str:
            found = self.find(path, reference.path)
            if not found.url:
                at = reference.start, reference.end
                self.problems.append(source.diagnose(messages.wrong_asset(at, reference.path, found)))
            return found.url

        return with_addresses(source.text, address).encode()


def _contents(file: Path) -> bytes | None:
    """What a file of the last build holds."""
    try:
        return None if file.is_symlink() else file.read_bytes()
    except OSError:
        return None


def asked(questions: Iterable[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Which assets some components asked for: the component, and the path as it is written."""
    return [(question[1], question[2]) for question in questions if question[0] == "asset"]
