"""Images that are made smaller for a page: what a tag asks for, and what it gets."""

from typing import Any, NamedTuple

LAYOUTS = ("constrained", "fixed", "full-width", "none")
FORMATS = ("avif", "jpg", "png", "webp")


class Recipe(NamedTuple):
    """What one `<Image>` or `<Picture>` asks for, whichever image it shows."""

    formats: tuple[str, ...] = ("webp",)
    """The best first. An `<Image>` has one."""
    is_picture: bool = False
    fallback: str | None = None
    """The format for browsers that know none of a picture's; None where the image's own decides."""
    width: int | None = None
    height: int | None = None
    widths: tuple[int, ...] = ()
    densities: tuple[float, ...] = ()
    quality: int | None = None
    layout: str = "constrained"

    @property
    def key(self) -> str:
        """A text that tells it from all other recipes: what differs from the usual.

        >>> Recipe(width=400, widths=(400, 800)).key
        'width=400 widths=400,800'
        """
        usual = Recipe()
        items = zip(self._fields, self, usual, strict=True)
        return " ".join(f"{name}={_text(value)}" for name, value, default in items if value != default)

    def to_json(self) -> list[Any]:
        """The same as JSON."""
        return list(self)

    @classmethod
    def from_json(cls, data: list[Any]) -> "Recipe":
        """The opposite of `to_json`."""
        values: list[Any] = [tuple(each) if isinstance(each, list) else each for each in data]
        return cls(*values)


class Rendition(NamedTuple):
    """What a recipe makes of one image: the attributes of the `<img>`, and the `<source>` elements before it."""

    src: str
    width: int
    height: int
    srcset: str = ""
    sizes: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    """The media type and the `srcset` of each."""

    def to_json(self) -> list[Any]:
        """The same as JSON."""
        sources = [list(each) for each in self.sources]
        return [self.src, self.width, self.height, self.srcset, self.sizes, sources]


def _text(value: object) -> str:
    """A value of a recipe, as its key shows it."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
