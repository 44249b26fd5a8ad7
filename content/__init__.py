"""Content collections: folders of Markdown and data, each entry checked against a schema, typed, and rendered when asked."""

from pyastro.content.collection import Collection, Entry, define_collection, get_collection, get_entry
from pyastro.content.errors import ContentError
from pyastro.content.reference import Reference
from pyastro.content.rendering import Content, RenderedEntry
from pyastro.markdown import highlight_css

__all__ = [
    "Collection",
    "Content",
    "ContentError",
    "Entry",
    "Reference",
    "RenderedEntry",
    "define_collection",
    "get_collection",
    "get_entry",
    "highlight_css",
]
