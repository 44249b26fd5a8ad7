"""What is made of an image for a tag: how large, in which formats, and under which names."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from pyastro.compiler.images import Recipe, Rendition

BREAKPOINTS = (640, 750, 828, 1080, 1280, 1668, 2048, 2560)
"""The widths of common screens, in pixels of theirs."""
TYPES = {"avif": "image/avif", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
_QUALITIES = {"avif": 60, "jpg": 80, "webp": 80}
"""Where a tag does not say. The scales of the formats differ."""


class Picture(NamedTuple):
    """An image of the site."""

    path: str
    digest: str
    """The SHA-256 of its bytes."""
    stem: str
    """What names begin with."""
    width: int
    height: int
    format: str
    """`jpg`, `png` or `webp`."""


class Variant(NamedTuple):
    """One file that is made of an image."""

    name: str
    width: int
    height: int
    format: str
    quality: int | None


class Plan(NamedTuple):
    """A rendition, and the files that it needs."""

    rendition: Rendition
    variants: tuple[Variant, ...]


class Planner:
    """Plans what is made of one image for one tag. `version` is that of what makes it."""

    def __init__(self, picture: Picture, recipe: Recipe, folder: str, version: str) -> None:
        self.picture = picture
        self.recipe = recipe
        self.folder = folder
        self.version = version
        self.shown = shown_size(recipe, picture.width, picture.height)
        self.variants: dict[str, Variant] = {}

    def plan(self) -> Plan:
        """All of it."""
        recipe, own = self.recipe, self.picture.format
        widths = self._widths()
        if recipe.is_picture:
            sources = tuple((TYPES[each], self._srcset(each, widths)) for each in recipe.formats)
            src, srcset = self._url(recipe.fallback or own, self._capped(self.shown[0])), ""
        else:
            sources, srcset = (), self._srcset(recipe.formats[0], widths)
            src = self._url(recipe.formats[0], self._capped(self.shown[0]))
        srcset = srcset if " " in srcset else ""
        rendition = Rendition(src, *self.shown, srcset, self._sizes(), sources)
        return Plan(rendition, tuple(self.variants.values()))

    def _widths(self) -> list[tuple[int, str]]:
        """The widths that are offered, each with its descriptor (HTML 4.8.4.2.1)."""
        recipe, width = self.recipe, self.shown[0]
        if recipe.densities:
            dense = [(width, "1x"), *((round(width * each), f"{each:g}x") for each in recipe.densities)]
            return [each for each in dense if each[0] <= self._most()] or [(self._most(), "1x")]
        wanted = recipe.widths or tuple(_widths_of_layout(recipe.layout, width))
        return [(each, f"{each}w") for each in sorted({self._capped(each) for each in wanted})]

    def _most(self) -> int:
        """How wide it can be without being made larger than it is."""
        width, height = self.shown
        return max(1, min(self.picture.width, self.picture.height * width // height))

    def _capped(self, width: int) -> int:
        return min(width, self._most())

    def _sizes(self) -> str:
        width = self.shown[0]
        if self.recipe.densities:
            return ""
        usual = {"constrained": f"(min-width: {width}px) {width}px, 100vw", "fixed": f"{width}px"}
        return usual.get(self.recipe.layout, "100vw")

    def _srcset(self, format: str, widths: Sequence[tuple[int, str]]) -> str:
        """The `srcset` of a format; of one size, the address alone."""
        if len(widths) == 1:
            return self._url(format, widths[0][0])
        return ", ".join(f"{self._url(format, width)} {descriptor}" for width, descriptor in widths)

    def _url(self, format: str, width: int) -> str:
        """The address of a file, which is made now."""
        height = min(self.picture.height, max(1, round(width * self.shown[1] / self.shown[0])))
        quality = None if format == "png" else _given(self.recipe.quality, _QUALITIES[format])
        how = f"{self.picture.digest} {width}x{height} {format} {quality} {self.version}"
        name = f"{self.picture.stem}.{sha256(how.encode()).hexdigest()[:10]}.{format}"
        self.variants[name] = Variant(name, width, height, format, quality)
        return f"{self.folder}{name}"


def shown_size(recipe: Recipe, width: int, height: int) -> tuple[int, int]:
    """The width and height that the page gives an image: as asked for, else its own, in its own ratio."""
    if recipe.width and recipe.height:
        return recipe.width, recipe.height
    if recipe.width:
        return recipe.width, max(1, round(recipe.width * height / width))
    if recipe.height:
        return max(1, round(recipe.height * width / height)), recipe.height
    return width, height


def _widths_of_layout(layout: str, width: int) -> Iterator[int]:
    """The widths that a layout offers for an image that is shown `width` pixels wide."""
    if layout == "full-width":
        yield from BREAKPOINTS
    else:
        yield width
    if layout in ("constrained", "fixed"):
        yield 2 * width
    if layout == "constrained":
        yield from (each for each in BREAKPOINTS if each < 2 * width)


def _given(value: int | None, usual: int) -> int:
    return usual if value is None else value
