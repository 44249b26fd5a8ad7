"""A whole tree of sources becomes a build."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.pipeline import (
    Writing,
    is_writing_loaded,
    load_writing,
    without_collector,
    written,
)
from pyastro.compiler.project import messages
from pyastro.compiler.project.assets import asked
from pyastro.compiler.project.build_folder import CACHE
from pyastro.compiler.project.cache import Memory
from pyastro.compiler.project.content_images import resolved_images
from pyastro.compiler.project.emission import Compiled, Progress, compile_components, module_place
from pyastro.compiler.project.kept import keep
from pyastro.compiler.project.markdown_page import as_component, told
from pyastro.compiler.project.output import Output, check_output, check_pages
from pyastro.compiler.project.patch import Patch
from pyastro.compiler.project.tree import Tree, read_tree
from pyastro.compiler.project.workers import helped
from pyastro.compiler.project.writing import write_build
from pyastro.compiler.purpose import Purpose


@dataclass
class Report:
    """What a compilation did. Paths of sources are relative to the source root, those of files to the build."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    """The errors; where there is one, the old build is as it was."""
    warnings: list[Diagnostic] = field(default_factory=list)
    components: list[str] = field(default_factory=list)
    """All components of the site."""
    compiled: list[str] = field(default_factory=list)
    """Those that were compiled in this run; the others had not changed."""
    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    modules: Mapping[str, str] = field(default_factory=dict)
    """Where in the build the module of each source stands."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The texts that diagnostics point into, by path. One that concerns a file as a whole points nowhere in it."""
    memory: Memory = field(default_factory=Memory, repr=False)
    """What the next compilation may be spared."""

    @property
    def findings(self) -> list[Diagnostic]:
        """Errors and warnings, in the order of files and lines."""
        return sorted((*self.diagnostics, *self.warnings), key=Diagnostic.order)

    @property
    def is_successful(self) -> bool:
        """Was there no error?"""
        return not self.diagnostics


@without_collector()
def compile_project(
    pages: Path,
    output: Path,
    *,
    progress: Progress | None = None,
    purpose: Purpose = Purpose.RUNNING,
    memory: Memory | None = None,
    kept: Path | None = None,
    once: bool = False,
) -> Report:
    """Compile the site whose pages stand in the folder `pages` into the folder `output`.

    `progress` is called with how many components are done, and how many there are. The errors of the sources are in the
    report, all of them; raises `ProjectError` where the folders themselves cannot be used.

    A build for checking holds modules alone.

    `memory` is that of the report before, for who compiles a site again and again into a folder that is nobody else's:
    only what has changed is read, and the build is changed where it stands. `kept` is a folder for a copy of the modules,
    from which they are taken where the build is no longer there.

    `once`: this process compiles nothing more. Where it has not loaded yet what writes modules, a copy of it does, and writes
    them.
    """
    check_pages(pages)
    check_output(output, pages)
    pages, output = Path(os.path.abspath(pages)), Path(os.path.abspath(output))
    before = kept if kept is not None and not (output / CACHE).exists() else output
    last = Memory.read(before, purpose) if memory is None else memory
    with _writing(purpose, once) as write:
        tree = read_tree(pages, output, last)
        if purpose is Purpose.CHECKING:
            tree.data, tree.content, tree.layout = [], {}, replace(tree.layout, public=())
        _bundle(tree, last, output)
        compiled = compile_components(tree, last, before, progress, purpose, write)
    for each in compiled.values():
        for importer, path in asked(each.record.answers):
            tree.resolver.asset(importer, path)
    images = resolved_images(tree.layout.root, tree.content, tree.resolver)
    tree.problems += images.problems
    report = _report(tree, compiled)
    if report.is_successful and purpose is not Purpose.CHECKING and tree.resolver.assets.jobs:
        tree.resolver.assets.make_images(output)
        report = _report(tree, compiled)
    report.memory = last
    if not report.is_successful:
        return report
    report.memory = _remembered(tree, compiled, last, in_process=memory is not None)
    with Output(output) if memory is None else Patch(output, last.files) as build:
        write_build(build, tree, compiled, images, report.memory)
        build.install()
    changes = build.changes
    report.written, report.unchanged, report.removed = changes.written, changes.unchanged, changes.removed
    if kept is not None and (changes.written or changes.removed or not kept.exists()):
        keep(output, kept, (module_place(tree, path) for path in compiled))
    return report


@contextmanager
def _writing(purpose: Purpose, once: bool) -> Iterator[Writing]:
    """What writes the modules. It is loaded while the sources are read, or where the first is written."""
    if not once or is_writing_loaded():
        yield written
        return
    with helped(written, lambda: load_writing(purpose)) as write:
        yield write


def _remembered(tree: Tree, compiled: Mapping[str, Compiled], last: Memory, *, in_process: bool) -> Memory:
    """What the next compilation may be spared; in the same process also what was inspected."""
    facts = {path: (tree.components[path].facts, each.record) for path, each in compiled.items()}
    memory = last.after(facts, tree.bundle)
    if in_process:
        components = tree.components.items()
        memory.keep({path: (each.facts, each.inspected) for path, each in components if each.inspected})
    return memory


def _bundle(tree: Tree, memory: Memory, output: Path) -> None:
    """Let the scripts be bundled that need it."""
    scripts = [
        (as_component(each.source), script)
        for each in tree.components.values()
        for script in each.facts.scripts
    ]
    if not scripts:
        return
    from pyastro.compiler.project.scripts import bundle_scripts

    found = bundle_scripts(scripts, tree.layout.root, tree.config.base, memory.bundle, output)
    tree.resolver.scripts, tree.bundle = found.scripts, found.memory
    tree.resolver.assets.files |= found.files
    tree.problems += found.problems


def _report(tree: Tree, compiled: Mapping[str, Compiled]) -> Report:
    found = [
        *tree.problems,
        *tree.resolver.assets.problems,
        *(d for each in compiled.values() for d in each.record.diagnostics),
    ]
    found = [told(each) for each in found]
    found = sorted(dict.fromkeys(found), key=Diagnostic.order)
    return Report(
        diagnostics=[d for d in found if d.is_error],
        warnings=[d for d in found if not d.is_error],
        components=list(tree.components),
        compiled=[path for path, each in compiled.items() if each.is_new],
        modules={path: module_place(tree, path) for path in tree.modules},
        texts=_texts(tree, found),
    )


def _texts(tree: Tree, diagnostics: list[Diagnostic]) -> dict[str, str]:
    """The texts that diagnostics point into."""
    texts = {}
    for path in {d.path for d in diagnostics if d.code not in messages.OF_WHOLE_FILES}:
        if path in tree.components:
            texts[path] = tree.components[path].source.text
            continue
        with suppress(OSError):
            texts[path] = (
                (tree.layout.root / path).read_text("utf-8", errors="replace").removeprefix("\ufeff")
            )
    return texts
