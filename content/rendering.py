"""The body of an entry as a component."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from markupsafe import Markup

from pyastro.assets import Asset, Image
from pyastro.content.errors import ContentError
from pyastro.markdown import Close, Html, Open, Picture, Rendered, render, split_tags
from pyastro.markdown.tags import Piece
from pyastro.runtime.context import Context
from pyastro.runtime.headings import Heading
from pyastro.runtime.slots import Slots, public_slots
from pyastro.runtime.tags import render_component


@dataclass(frozen=True, slots=True)
class Body:
    """The Markdown of an entry, and where it is from."""

    text: str
    path: str
    """The file as messages call it."""
    first_line: int
    """The line of the file at which it begins."""
    images: Mapping[str, Asset]
    """What the paths of its images stand for."""

    def error(self, line: int, sentence: str) -> ContentError:
        """What is wrong in a line of it."""
        above = self.first_line - 1
        return ContentError(self.path, "\n" * above + self.text, line + above, 1, sentence)


class Content:
    """A text that `<Content />` writes."""

    def __init__(self, rendered: Rendered, components: Mapping[str, Any], body: Body) -> None:
        self._rendered = rendered
        self._components = components
        self._body = body

    @property
    def html(self) -> str:
        """The HTML without its components."""
        out = []
        for piece in split_tags(self._rendered, ()):
            match piece:
                case Html(text):
                    out.append(text)
                case Picture():
                    out.append(image_html(piece, self._body))
        return "".join(out)

    async def render(
        self, context: Context | None = None, slots: Slots | None = None, /, **props: Any
    ) -> Markup:
        """The text as HTML, with its components. `components={…}` adds some."""
        components = {**self._components, **props.get("components", {})}
        if not components:
            return Markup(self.html)
        pieces = split_tags(self._rendered, components)
        return Markup(await _Writer(context or Context(), components, self._body).content(pieces, None))


class RenderedEntry(NamedTuple):
    """What `await entry.render()` gives."""

    content: Content
    headings: list[Heading]


def render_entry(body: Body, components: Mapping[str, Any]) -> RenderedEntry:
    """A Markdown text as a component, and its headings."""
    rendered = render(body.text)
    return RenderedEntry(Content(rendered, components, body), [Heading(*each) for each in rendered.headings])


def image_html(picture: Picture, body: Body) -> str:
    """An image of a text: as `<Image>` shows it, or as it is written where its file is not known."""
    asset = body.images.get(picture.image.path)
    if asset is None:
        return picture.html
    out: list[str] = []
    Image.render.into(out.append, Context(), **_image_props(picture, asset))
    return "".join(out)


def _image_props(picture: Picture, src: Asset | str) -> dict[str, Any]:
    image = picture.image
    return {"src": src, "alt": image.alt, **({"title": image.title} if image.title else {})}


class _Writer:
    """Renders pieces of HTML, and the components between them, innermost first."""

    def __init__(self, context: Context, components: Mapping[str, Any], body: Body) -> None:
        self._context = context
        self._components = components
        self._body = body

    async def content(self, pieces: Iterator[Piece], inside: Open | None) -> str:
        """What stands before the end tag of `inside`, or before the end."""
        out: list[str] = []
        for piece in pieces:
            match piece:
                case Html(text):
                    out.append(text)
                case Picture() if "img" in self._components:
                    src = self._body.images.get(piece.image.path, piece.image.path)
                    await self._component(out.append, "img", _image_props(piece, src), "")
                case Picture():
                    out.append(image_html(piece, self._body))
                case Close(name, line):
                    if inside is None or name != inside.name:
                        raise self._body.error(line, f"`</{name}>` closes nothing")
                    return "".join(out)
                case Open(name, attributes, is_closed):
                    inner = "" if is_closed else await self.content(pieces, piece)
                    await self._component(out.append, name, attributes, inner)
        if inside is not None:
            raise self._body.error(inside.line, f"`<{inside.name}>` is not closed")
        return "".join(out)

    async def _component(
        self, write: Callable[[str], object], name: str, props: Mapping[str, Any], inner: str
    ) -> None:
        content = {"default": Markup(inner)} if inner.strip() else None
        slots = public_slots(content, self._context, True)
        await render_component(write, self._context, name, self._components[name], props, slots)
