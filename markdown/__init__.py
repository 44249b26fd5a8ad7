"""Markdown with front matter: read, rendered, highlighted. It knows neither the compiler nor the runtime.

Its libraries are loaded when a name is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyastro.markdown.document import Document, FrontMatterError, read_document
    from pyastro.markdown.highlight import highlight_css
    from pyastro.markdown.places import relative_path
    from pyastro.markdown.rendering import Rendered, render
    from pyastro.markdown.tags import Close, Html, Open, Picture, split_tags

__all__ = [
    "Close",
    "Document",
    "FrontMatterError",
    "Html",
    "Open",
    "Picture",
    "Rendered",
    "highlight_css",
    "read_document",
    "relative_path",
    "render",
    "split_tags",
]

_PLACES = {
    **dict.fromkeys(("Document", "FrontMatterError", "read_document"), "document"),
    **dict.fromkeys(("Close", "Html", "Open", "Picture", "split_tags"), "tags"),
    "highlight_css": "highlight",
    "relative_path": "places",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES.get(name, 'rendering')}"), name)
