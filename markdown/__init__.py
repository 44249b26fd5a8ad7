"""Markdown with front matter: read, rendered, highlighted. It knows neither the compiler nor the runtime."""

from pyastro.markdown.document import Document, FrontMatterError, read_document
from pyastro.markdown.highlight import highlight_css
from pyastro.markdown.render import Rendered, render
from pyastro.markdown.tags import Close, Html, Open, split_tags

__all__ = [
    "Close",
    "Document",
    "FrontMatterError",
    "Html",
    "Open",
    "Rendered",
    "highlight_css",
    "read_document",
    "render",
    "split_tags",
]
