"""Compiling the components of a tree: each that changed, and no other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pyastro.compiler.analyze import Interface
from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.pipeline import Emission, Writing, emit, written
from pyastro.compiler.project import messages
from pyastro.compiler.project.cache import (
    Given,
    Memory,
    Record,
    RecordingInterfaces,
    RecordingResolver,
    call_fingerprint,
    fingerprint,
)
from pyastro.compiler.project.naming import module_file
from pyastro.compiler.project.tree import Component, Tree
from pyastro.compiler.purpose import Purpose

Progress = Callable[[int, int], None]
"""Called with how many components are done, and how many there are."""


class Compiled(NamedTuple):
    """A component's module; `code` is None where an error stopped it."""

    code: bytes | None
    record: Record
    is_new: bool
    """Was it compiled in this run?"""


def compile_components(
    tree: Tree,
    memory: Memory,
    build: Path,
    progress: Progress | None = None,
    purpose: Purpose = Purpose.RUNNING,
    write: Writing = written,
) -> dict[str, Compiled]:
    """The modules of all components, by source. `build` is the folder of the last build.

    A component that has an error is looked at all the same, as far as it could be read: it may have more of them.

    `progress` hears of those that have to be compiled, not of those that are the same as before. `write` gives the text of
    a module.
    """
    interfaces = _seen(tree.interfaces, purpose)
    ready = [path for path, each in tree.components.items() if path in interfaces or each.inspection.analysis]
    fingerprints = {path: fingerprint(each) for path, each in interfaces.items()}
    compiled = {
        path: _last(tree, path, memory, interfaces, fingerprints, f"{build}/{module_place(tree, path)}")
        for path in ready
    }
    changed = [path for path, last in compiled.items() if last is None]
    for done, (path, result) in enumerate(_compile_all(changed, tree, interfaces, purpose, write), 1):
        compiled[path] = result
        if progress is not None:
            progress(done, len(changed))
    return {path: each for path, each in compiled.items() if each is not None}


def _seen(interfaces: Mapping[str, Interface], purpose: Purpose) -> Mapping[str, Interface]:
    """The interfaces as components see them that are compiled for a purpose.

    What a leaf writes is nothing to those who hold no copies. Where everything waits, a component that begins to wait
    is no news to those who use it.
    """
    if purpose.writes_out:
        return interfaces
    return {
        path: each._replace(
            leaf="", hash="" if each.leaf else each.hash, waits=each.waits or purpose.always_waits
        )
        for path, each in interfaces.items()
    }


def _compile_all(
    paths: Sequence[str],
    tree: Tree,
    interfaces: Mapping[str, Interface],
    purpose: Purpose,
    write: Writing,
) -> Iterator[tuple[str, Compiled]]:
    """The module of each of these sources, as they get done."""
    if not paths:
        return
    from pyastro.compiler.project.workers import results

    first, others = paths[:1], paths[1:]
    for path in first:  # it also loads what the transform needs, once for all copies of this process
        yield path, _compile(tree, path, interfaces, purpose, write)
    yield from results(others, lambda path: _compile(tree, path, interfaces, purpose, write))


def module_place(tree: Tree, path: str) -> str:
    """Where the module of a source stands in the build."""
    module = tree.layout.modules[path]
    return module_file(module, tree.resolver.is_package(module))


def _last(
    tree: Tree,
    path: str,
    memory: Memory,
    interfaces: Mapping[str, Interface],
    fingerprints: Mapping[str, str | None],
    file: str,
) -> Compiled | None:
    """The module as the last build has it, if it would be the same again."""
    if memory.facts(tree.layout.root, path, tree.components[path].facts.hash) is None:
        return None
    known = memory.entries[path].record
    is_page = tree.layout.is_page(path)
    if not known.still_holds(is_page, _styles(tree, path), tree.resolver, interfaces, fingerprints):
        return None
    record = known.with_interfaces(fingerprints)
    try:
        code = memory.files.read(file)
    except OSError:
        return None
    return Compiled(code, record, False) if sha256(code).hexdigest() == record.code else None


def _compile(
    tree: Tree, path: str, interfaces: Mapping[str, Interface], purpose: Purpose, write: Writing
) -> Compiled:
    resolver = RecordingResolver(tree.resolver)
    seen = RecordingInterfaces(interfaces)
    styles, is_page = _styles(tree, path), tree.layout.is_page(path)
    emission = _emit_safely(tree.components[path], resolver, seen, styles, is_page, purpose, write)
    code = None if emission.code is None else emission.code.encode()
    given = _given(tree.components[path])
    record = Record(
        code=sha256(code or b"").hexdigest(),
        is_page=is_page,
        styles=styles,
        answers=resolver.answers,
        interfaces=dict(sorted(seen.seen.items())),
        given=given,
        calls={each: call_fingerprint(interfaces.get(each), given) for each in sorted(seen.seen)},
        diagnostics=emission.diagnostics,
    )
    return Compiled(code, record, True)


def _given(component: Component) -> Given:
    """What a component gives to others."""
    from pyastro.compiler.nodes import SpreadAttribute  # a run that compiles nothing knows no nodes

    analysis = component.inspection.analysis
    if analysis is None:
        return Given()
    tags = analysis.template.components
    names = {a.name for tag in tags for a in tag.attributes if not isinstance(a, SpreadAttribute)}
    names |= {name.partition(":")[0] for name in names}  # `class:list` gives `class`
    # What is between the tags of a component is for the default slot, where it says nothing else.
    return Given(tuple(sorted(names)), tuple(sorted({"default", *analysis.template.filled})))


def _styles(tree: Tree, path: str) -> tuple[str, ...]:
    return tree.styles(path) if tree.layout.is_page(path) else ()


def _emit_safely(
    component: Component,
    resolver: RecordingResolver,
    interfaces: RecordingInterfaces,
    styles: tuple[str, ...],
    is_page: bool,
    purpose: Purpose,
    write: Writing,
) -> Emission:
    """What `emit` gives; a mistake of the compiler is a diagnostic of the file that brought it out."""
    path = component.source.path
    problem: Diagnostic
    try:
        return emit(component.inspection, resolver, interfaces, styles, is_page, purpose, write)
    except (RecursionError, MemoryError):
        problem = messages.too_complex(path)
    except Exception as error:
        problem = messages.compiler_failure(path, error)
    return Emission(None, (problem,))
