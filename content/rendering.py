"""The body of an entry as a component."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from pyastro.markdown import Close, Html, render, split_tags
from pyastro.markdown.tags import Piece
from pyastro.runtime.component import render_component
from pyastro.runtime.context import Context
from pyastro.runtime.headings import Heading
from pyastro.runtime.slots import Slots, public_slots


class Content:
    """A text that `<Content />` writes."""

    def __init__(self, html: str, components: Mapping[str, Any], path: str) -> None:
        self.html = html
        """The HTML without its components."""
        self._components = components
        self._path = path

    async def render(
        self, context: Context | None = None, slots: Slots | None = None, /, **props: Any
    ) -> Markup:
        """The text as HTML, with its components. `components={…}` adds some."""
        components = {**self._components, **props.get("components", {})}
        if not components:
            return Markup(self.html)
        pieces = split_tags(self.html, components)
        return Markup(await _Writer(context or Context(), components, self._path).content(pieces, None))


class RenderedEntry(NamedTuple):
    """What `await entry.render()` gives."""

    content: Content
    headings: list[Heading]


def render_entry(body: str, components: Mapping[str, Any], path: str) -> RenderedEntry:
    """A Markdown text as a component, and its headings."""
    html, headings = render(body)
    return RenderedEntry(Content(html, components, path), [Heading(*each) for each in headings])


class UnbalancedTags(ValueError):
    """A tag of a component that is not closed, or closed without being open."""


class _Writer:
    """Renders pieces of HTML, and the components between them, innermost first."""

    def __init__(self, context: Context, components: Mapping[str, Any], path: str) -> None:
        self._context = context
        self._components = components
        self._path = path

    async def content(self, pieces: Iterator[Piece], inside: str | None) -> str:
        """What stands before the end tag of `inside`, or before the end."""
        out: list[str] = []
        for piece in pieces:
            if isinstance(piece, Html):
                out.append(piece.text)
            elif isinstance(piece, Close):
                if piece.name != inside:
                    raise UnbalancedTags(f"{self._path}: </{piece.name}> closes nothing")
                return "".join(out)
            else:
                inner = "" if piece.is_closed else await self.content(pieces, piece.name)
                slots = public_slots(
                    {"default": Markup(inner)} if inner.strip() else None, self._context, True
                )
                await render_component(
                    out.append,
                    self._context,
                    piece.name,
                    self._components[piece.name],
                    piece.attributes,
                    slots,
                )
        if inside is not None:
            raise UnbalancedTags(f"{self._path}: <{inside}> is not closed")
        return "".join(out)
