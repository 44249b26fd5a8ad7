"""Which images the tags of a site ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyastro.compiler.images import Recipe
from pyastro.compiler.project.facts import Facts


@dataclass(frozen=True)
class WantedImages:
    """What is to be made of the assets of a site. A tag that shows what it is handed may show any that is handed on."""

    named: Mapping[tuple[str, str], tuple[Recipe, ...]] = field(default_factory=dict)
    """What tags want of an asset that they name: by their source, and the path as it stands there."""
    handed_on: frozenset[tuple[str, str]] = frozenset()
    of_any: tuple[Recipe, ...] = ()
    """What tags want of all that they are handed."""

    @classmethod
    def of(cls, facts: Mapping[str, Facts]) -> "WantedImages":
        """What the components of a site want."""
        named: dict[tuple[str, str], list[Recipe]] = {}
        of_any: list[Recipe] = []
        for source, each in facts.items():
            for path, recipe in each.images:
                wanted = of_any if path is None else named.setdefault((source, path), [])
                wanted.append(recipe)
        return cls(
            {key: _sorted(recipes) for key, recipes in named.items()},
            frozenset((source, path) for source, each in facts.items() for path in each.handed_on),
            _sorted(of_any),
        )

    def recipes(self, source: str, path: str) -> tuple[Recipe, ...]:
        """What is to be made of the asset that a source names."""
        of_any = self.of_any if (source, path) in self.handed_on else ()
        return _sorted((*self.named.get((source, path), ()), *of_any))

    def is_only_shown(self, source: str, path: str) -> bool:
        """Does nothing need the file itself?"""
        return (source, path) not in self.handed_on


def _sorted(recipes: Iterable[Recipe]) -> tuple[Recipe, ...]:
    return tuple(sorted(set(recipes), key=lambda each: each.key))
