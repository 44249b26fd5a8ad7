"""What the rest of a tree needs to know of a component. It is kept between runs, so that nothing is read twice."""

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pyastro.compiler.analyze import Interface
from pyastro.compiler.analyze.module_script import ModuleScript
from pyastro.compiler.analyze.tags import ImportedTag
from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.images import Recipe
from pyastro.compiler.import_statements import ImportedName, find_imports
from pyastro.compiler.pipeline import Inspection, inspect
from pyastro.compiler.project import messages
from pyastro.compiler.source import Source

if TYPE_CHECKING:
    from pyastro.compiler.analyze import Analysis


class Facts(NamedTuple):
    """A component as others see it."""

    hash: str
    """The SHA-256 of the source's bytes."""
    interface: Interface | None
    """None where the source has an error."""
    imports: tuple[ImportedName, ...] = ()
    tags: tuple[ImportedTag, ...] = ()
    """The component tags of which an import may tell what they are."""
    prerender: bool | None = None
    """Is its page rendered ahead? None where it does not say."""
    diagnostics: tuple[Diagnostic, ...] = ()
    images: tuple[tuple[str | None, Recipe], ...] = ()
    """What its image tags ask for: the path of an asset, or None for whatever they are handed."""
    handed_on: frozenset[str] = frozenset()
    """The paths of the assets that other components may show."""
    reads: Mapping[str, str] = {}
    """Other files whose text is in it, with the SHA-256 of each."""

    scripts: tuple[ModuleScript, ...] = ()
    """The scripts that have to be bundled."""

    @classmethod
    def of(cls, inspection: Inspection) -> "Facts":
        """What an inspection found."""
        analysis = inspection.analysis
        is_good = analysis is not None and not any(d.is_error for d in inspection.diagnostics)
        return cls(
            hash=inspection.source.hash,
            interface=inspection.interface if is_good else None,
            imports=find_imports(_statements(analysis)) if analysis else (),
            tags=analysis.imported_tags if analysis else (),
            prerender=analysis.frontmatter.settings.get("prerender") if analysis else None,
            diagnostics=inspection.diagnostics,
            images=(
                tuple(dict.fromkeys((e.path, e.recipe) for e in analysis.images.uses.values()))
                if analysis
                else ()
            ),
            handed_on=analysis.images.handed_on if analysis else frozenset(),
            reads=analysis.style.reads if analysis else {},
            scripts=analysis.scripts if analysis else (),
        )

    def to_json(self) -> dict[str, Any]:
        """The same as JSON, for a component without an error."""
        assert self.interface is not None
        return {
            "hash": self.hash,
            "interface": self.interface.to_json(),
            "imports": [list(name) for name in self.imports],
            "tags": [list(tag) for tag in self.tags],
            "prerender": self.prerender,
            "diagnostics": [d.to_json() for d in self.diagnostics],
            **({"images": [[p, r.to_json()] for p, r in self.images]} if self.images else {}),
            **({"handed_on": sorted(self.handed_on)} if self.handed_on else {}),
            **({"reads": self.reads} if self.reads else {}),
            **({"scripts": [script.to_json() for script in self.scripts]} if self.scripts else {}),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Facts":
        """The opposite of `to_json`."""
        return cls(
            hash=data["hash"],
            interface=Interface.from_json(data["interface"]),
            imports=tuple(ImportedName(*name) for name in data["imports"]),
            tags=tuple(ImportedTag(*tag) for tag in data["tags"]),
            prerender=data["prerender"],
            diagnostics=tuple(Diagnostic(**d) for d in data["diagnostics"]),
            images=tuple((path, Recipe.from_json(recipe)) for path, recipe in data.get("images", ())),
            handed_on=frozenset(data.get("handed_on", ())),
            reads=data.get("reads", {}),
            scripts=tuple(map(ModuleScript.from_json, data.get("scripts", ()))),
        )


def _statements(analysis: "Analysis") -> Iterator[ast.AST]:
    """The statements of the frontmatter."""
    frontmatter = analysis.frontmatter
    for statement in (*frontmatter.imports, *frontmatter.hoisted, *frontmatter.body):
        yield statement.node


def inspect_safely(source: Source) -> Inspection:
    """An inspection that never raises: a mistake of the compiler is a diagnostic of the file that brought it out."""
    try:
        return inspect(source)
    except (RecursionError, MemoryError):
        return Inspection(source, None, (messages.too_complex(source.path),))
    except Exception as error:
        return Inspection(source, None, (messages.compiler_failure(source.path, error),))
