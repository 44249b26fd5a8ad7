"""Which images the tags of a site ask for."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pyastro.compiler.images import Recipe
from pyastro.compiler.project.facts import Facts


class NamedImages(NamedTuple):
    """The images that one entry names."""

    shown: tuple[tuple[str, int], ...] = ()
    """The paths in its text, each with its line."""
    handed_on: frozenset[str] = frozenset()
    """Texts in its data that may be paths of images."""

    @property
    def images(self) -> tuple[tuple[str, Recipe], ...]:
        """What is to be made of those in its text."""
        return tuple((path, Recipe()) for path in dict.fromkeys(path for path, _ in self.shown))


class WantedImages(NamedTuple):
    """What is to be made of the assets of a site. A tag that shows what it is handed may show any that is handed on."""

    named: Mapping[tuple[str, str], tuple[Recipe, ...]] = {}
    """What tags want of an asset that they name: by their source, and the path as it stands there."""
    handed_on: frozenset[tuple[str, str]] = frozenset()
    of_any: tuple[Recipe, ...] = ()
    """What tags want of all that they are handed."""

    @classmethod
    def of(cls, facts: Mapping[str, Facts | NamedImages]) -> "WantedImages":
        """What the components and the entries of a site want."""
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
