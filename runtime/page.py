"""Pages: a component whose output is a whole document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, overload

from markupsafe import Markup

from pyastro.runtime.component import A, Body, Component, EarlyReturn, P, as_markup
from pyastro.runtime.context import Context
from pyastro.runtime.errors import ResponseSentError
from pyastro.runtime.escape import escape
from pyastro.runtime.holes import fill
from pyastro.runtime.patterns import pattern
from pyastro.runtime.streaming import Rendering

if TYPE_CHECKING:
    from pyastro.runtime.response import Response

__all__ = ["Page", "page"]

DOCTYPE = "<!DOCTYPE html>\n"

_HAS_DOCTYPE = r"(?i)(?>\s|<!--(?s:.)*?-->)*<!doctype"
_BEFORE_FIRST_ELEMENT = (
    r"""(?i)(?:<!--(?s:.)*?-->|<![^>]*>|<html(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>|[^<]|<(?![a-z]))*"""
)
_HEAD_TAG = r"(?i)<head[\s/>]"
_HTML_TAG = r"(?i)<html\b"
_LONGEST_BEGINNING = 64 * 1024


class Page(Component[P, "Markup | Response", A]):
    """A compiled page. Rendered as a component by another page (`into`), it gives its fragment alone."""

    def __init__(
        self,
        body: Body[P, A],
        styles: tuple[str, ...] = (),
        partial: bool = False,
        stream: bool = False,
        returns: bool = False,
        slots: tuple[str, ...] | None = None,
    ) -> None:
        super().__init__(body, returns, slots)
        self._package: str = body.__globals__.get("__package__", "")
        self._styles = styles
        self._partial = partial
        self._streams = stream
        self._head = None if styles else ""
        self._is_plain = not styles and not partial

    @property
    def head(self) -> str:
        """The style sheets of all components that the page can reach, each once: those that are files, then the others."""
        if self._head is None:
            self._head = style_elements(self.style_files, self.style_sheets)
        return self._head

    @head.setter
    def head(self, head: str) -> None:
        self._head = head

    @property
    def style_files(self) -> list[str]:
        """The addresses of the style sheets that are files."""
        return [name for name in self._styles if name.startswith("/")]

    @property
    def style_sheets(self) -> list[str]:
        """The texts of the others."""
        names = [name for name in self._styles if not name.startswith("/")]
        sheets = [str(import_module(name, self._package).STYLE) for name in names]
        return [sheet for sheet in sheets if sheet.strip()]

    async def begin(self, context: Context, **props: Any) -> Markup | Response | Rendering:
        """As calling the page; but one that streams gives its output in pieces if it waits after it wrote some."""
        if not self._streams:
            return await self(context, **props)  # type: ignore[call-arg]  # bind checks the props
        self._prepare(context)
        output = _Output(context)
        if context.csp is not None:
            context.csp.expect_stream()
        bound = self._bound(props)

        async def render() -> None:
            context.renders += 1
            try:
                await self._write(output, context, bound)
            except EarlyReturn:
                if output.is_begun:
                    raise ResponseSentError("Returning a Response") from None
                raise
            finally:
                context.renders -= 1
                context.end_holes()

        rendering = Rendering(render, output.take)
        try:
            whole = await rendering.begin()
        except EarlyReturn as early:
            return early.response
        return rendering if whole is None else Markup(whole)

    async def _write(self, output: _Output, context: Context, props: dict[str, Any]) -> None:
        waiting: Any = self.into(output.parts.append, context, *self.arranged({}), **props)
        if waiting is not None:
            await waiting
        if output.has_hole:
            await fill(output.rest(), context, output.parts.append)

    def _prepare(self, context: Context) -> None:
        context.is_partial = self._partial
        context.head = "" if self._partial else self.head

    def _whole(self, html: str, context: Context) -> Markup | Response:
        if self._partial:
            return as_markup(html)
        if context.head and not context.head_rendered:
            return as_markup(document(html, context.render_head()))
        return as_markup(DOCTYPE + html if _lacks_doctype(html) else html)


def style_elements(files: Iterable[str], sheets: Sequence[str]) -> str:
    """The elements that bring style sheets: files by their addresses, others by their texts."""
    # CSS heeds an @import only before all rules, so a sheet that has one gets an element of its own
    parts = sheets if any("@import" in sheet for sheet in sheets[1:]) else ["".join(sheets)]
    return "".join(
        [
            *(f'<link rel="stylesheet" href="{escape(url)}">' for url in files),
            *(f"<style>{css}</style>" for css in parts if css),
        ]
    )


class _Output:
    """What a page wrote and nobody took yet."""

    def __init__(self, context: Context) -> None:
        self.parts: list[str] = []
        self.is_begun = False
        """Was anything taken?"""
        self._context = context

    def take(self, is_over: bool) -> str:
        """What was written since the last call; the beginning of a document only when all that belongs to it is known."""
        html, later = self._known()
        if not self.is_begun and not self._context.is_partial:
            if not is_over and (not html or _needs_more(html)):
                return ""
            is_later = not is_over and _awaits_head(html)
            html = document(html, "" if is_later else self._context.render_head())
        elif is_over:
            html += self._context.render_head()
        self.parts[:] = later
        self.is_begun = self.is_begun or bool(html)
        return html

    @property
    def has_hole(self) -> bool:
        """Does what was written wait for something?"""
        return self._context.holes is not None and self._context.holes.first("".join(self.parts)) >= 0

    def rest(self) -> str:
        """What was written and not taken, to be written again with its holes filled."""
        html = "".join(self.parts)
        self.parts.clear()
        return html

    def _known(self) -> tuple[str, list[str]]:
        """The output up to the first hole, and what comes from there on."""
        html = "".join(self.parts)
        at = self._context.holes.first(html) if self._context.holes else -1
        return (html, []) if at < 0 else (html[:at], [html[at:]])


def _needs_more(html: str) -> bool:
    """Must more of a document be known before its doctype and its styles find their places: its first element?"""
    at = _first_element(html)
    return len(html) < _LONGEST_BEGINNING and (
        at == len(html) or pattern(_HTML_TAG).match(html, at) is not None
    )


def _awaits_head(html: str) -> bool:
    """Is the first element of a document `<head>`, at the end of which the styles are written?"""
    return pattern(_HEAD_TAG).match(html, _first_element(html)) is not None


def _first_element(html: str) -> int:
    """Where the first element but `<html>` begins, or the end."""
    found = pattern(_BEFORE_FIRST_ELEMENT).match(html)
    return found.end() if found else 0


def document(html: str, head: str) -> str:
    """A page's output as a document: with a doctype, and with what no `</head>` has taken up.

    The latter stands before the first element, as Astro has it; `<html>` does not count.
    """
    if head:
        at = _first_element(html)
        html = html[:at] + head + html[at:]
    return DOCTYPE + html if _lacks_doctype(html) else html


def _lacks_doctype(html: str) -> bool:
    return html[:5] == "<html" or pattern(_HAS_DOCTYPE).match(html) is None


@overload
def page(body: Body[P, A], /) -> Page[P, A]: ...
@overload
def page(
    *,
    slots: tuple[str, ...] | None = None,
    styles: tuple[str, ...] = (),
    partial: bool = False,
    stream: bool = False,
    returns: bool = False,
) -> Callable[[Body[P, A]], Page[P, A]]: ...
def page(
    body: Any = None,
    /,
    *,
    slots: tuple[str, ...] | None = None,
    styles: tuple[str, ...] = (),
    partial: bool = False,
    stream: bool = False,
    returns: bool = False,
) -> Any:
    """Make a page of a compiled function.

    `slots` is as `component` has it; `styles` names the modules, relative to the page's package, of which it carries the style sheets; `partial`: is
    nothing added to the output? `stream`: does a site send it while it is rendered? `returns`: may its frontmatter return before the template?
    """
    if body is not None:
        return Page(body)
    return lambda body: Page(body, styles, partial, stream, returns, slots)
