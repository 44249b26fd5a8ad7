"""Pages: a component whose output is a whole document."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, overload

from markupsafe import Markup

from pyastro.runtime.component import A, Body, Component, P
from pyastro.runtime.context import Context
from pyastro.runtime.response import Response
from pyastro.runtime.slots import Slots

__all__ = ["Page", "page"]

DOCTYPE = "<!DOCTYPE html>\n"

_HAS_DOCTYPE = re.compile(r"(?>\s|<!--(?s:.)*?-->)*+<!doctype", re.IGNORECASE)
_BEFORE_FIRST_ELEMENT = re.compile(
    r"""(?:<!--(?s:.)*?-->|<![^>]*>|<html(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>|[^<]|<(?![a-z]))*""",
    re.IGNORECASE,
)


class Page(Component[P, Markup | Response, A]):
    """A compiled page. Rendered as a component by another page (`into`), it gives its fragment alone."""

    def __init__(
        self, body: Body[P, A], styles: tuple[str, ...] = (), partial: bool = False, returns: bool = False
    ) -> None:
        super().__init__(body, returns)
        self._package: str = body.__globals__.get("__package__", "")
        self._styles = styles
        self._partial = partial
        self._head: str | None = None

    @property
    def head(self) -> str:
        """The page's `<style>` element: the style sheets of all components that it can reach, each once."""
        if self._head is None:
            sheets = [import_module(name, self._package).STYLE for name in self._styles]
            # CSS heeds an @import only before all rules, so a sheet that has one gets an element of its own
            parts = sheets if any("@import" in sheet for sheet in sheets[1:]) else ["".join(sheets)]
            self._head = "".join(f"<style>{css}</style>" for css in parts if css.strip())
        return self._head

    async def _render(self, context: Context, slots: Slots, props: dict[str, Any]) -> Markup | Response:
        context.is_partial = self._partial
        context.head = "" if self._partial else self.head
        html = await self._output(context, slots, props)
        return Markup(html if self._partial else document(html, context.render_head()))


def document(html: str, head: str) -> str:
    """A page's output as a document: with a doctype, and with what no `</head>` has taken up.

    The latter stands before the first element, as Astro has it; `<html>` does not count.
    """
    if head:
        at = _BEFORE_FIRST_ELEMENT.match(html).end()  # type: ignore[union-attr]  # it always matches
        html = html[:at] + head + html[at:]
    return html if _HAS_DOCTYPE.match(html) else DOCTYPE + html


@overload
def page(body: Body[P, A], /) -> Page[P, A]: ...
@overload
def page(
    *, styles: tuple[str, ...] = (), partial: bool = False, returns: bool = False
) -> Callable[[Body[P, A]], Page[P, A]]: ...
def page(
    body: Any = None, /, *, styles: tuple[str, ...] = (), partial: bool = False, returns: bool = False
) -> Any:
    """Make a page of a compiled function.

    `styles` names the modules, relative to the page's package, of which it carries the style sheets; `partial`: is
    nothing added to the output? `returns`: may its frontmatter return before the template?
    """
    if body is not None:
        return Page(body)
    return lambda body: Page(body, styles, partial, returns)
