"""The beginning of `<pre>` and `<textarea>`, where HTML drops a newline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pyastro.runtime.holes import fill, leave_content

if TYPE_CHECKING:
    from pyastro.runtime.context import Context

__all__ = ["keep_newline", "newline_keeper", "newline_kept"]


def keep_newline(text: str, context: Context) -> str:
    """The text to write right behind the start tag, so that a newline at its beginning stays."""
    if context.holes and context.holes.first(text) == 0:
        return leave_content(context, lambda write: fill(text, context, newline_keeper(write, context)))
    return "\n" + text if text.startswith(("\n", "\r")) else text


def newline_keeper(write: Callable[[str], object], context: Context) -> Callable[[str], object]:
    """A `write` of which the first text that is not empty keeps the newline at its beginning."""
    is_begun = False

    def keeping(text: str) -> None:
        nonlocal is_begun
        write(text if is_begun else keep_newline(text, context))
        is_begun = is_begun or text != ""

    return keeping


def newline_kept(content: Callable[[Callable[[str], object]], object], context: Context) -> str:
    """What some content writes, with the newline at its beginning kept."""
    out: list[str] = []
    content(out.append)
    return keep_newline("".join(out), context)
