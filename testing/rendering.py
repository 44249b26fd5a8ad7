"""Rendering one component or page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from pyastro.runtime import Astro, Context
from pyastro.runtime.response import Response
from pyastro.testing.document import Document, parse_html

__all__ = ["render"]


def render(
    component: ModuleType | Any,
    astro: Astro | Context | None = None,
    slots: Mapping[str, Any] | None = None,
    /,
    **props: Any,
) -> Document:
    """What a component renders, as the tree that a browser makes of it; `.html` is the text.

    `component` is a compiled module, or its `render`. What reads the request needs one:
    `render(Card, Astro(Request("GET", "http://localhost/")), title="Hi")`. Raises AssertionError for a page that returns
    a Response: ask a client for that. A test on an event loop writes `parse_html(await Card.render(…))`.
    """
    function = component.render if isinstance(component, ModuleType) else component
    result = asyncio.run(function(astro, slots, **props))
    if isinstance(result, Response):
        raise AssertionError(f"{function!r} returned {result!r} instead of HTML: ask for it with a Client")
    return parse_html(str(result))
