"""What compiled modules import, and the site that serves them.

Importing this package loads what rendering needs and nothing else; the site and the server come when they are asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pyastro.runtime.astro import DEFAULT, Astro, Spelling, create_astro, given
from pyastro.runtime.attributes import attribute, attributes
from pyastro.runtime.classes import class_list, joined_props
from pyastro.runtime.component import Component, PropError, component
from pyastro.runtime.context import Context
from pyastro.runtime.errors import FetchError, FetchTimeout
from pyastro.runtime.escape import escape
from pyastro.runtime.fetch import fetch
from pyastro.runtime.holes import filled
from pyastro.runtime.markup_value import MarkupValue
from pyastro.runtime.page import Page, page
from pyastro.runtime.secret import Secret
from pyastro.runtime.slots import NO_SLOTS, Slot, Slots, Write, slot_name
from pyastro.runtime.trusted import trusted
from pyastro.runtime.values import formatted, raw, render_child, text

if TYPE_CHECKING:
    from pyastro.runtime.asset import Asset, Rendition, assets
    from pyastro.runtime.css import style_variables
    from pyastro.runtime.environment import read_environment
    from pyastro.runtime.event_stream import Event
    from pyastro.runtime.headers import Headers
    from pyastro.runtime.middleware import Next, sequence
    from pyastro.runtime.newline import keep_newline, newline_keeper, newline_kept
    from pyastro.runtime.request import Request
    from pyastro.runtime.response import Response, returned
    from pyastro.runtime.scripts import define_vars
    from pyastro.runtime.site import Site
    from pyastro.runtime.tags import render_component, render_element, spread_props, undeclared
    from pyastro.runtime.threads import run_sync
    from pyastro.runtime.url import URL

_LATER = {
    "Asset": "pyastro.runtime.asset",
    "Event": "pyastro.runtime.event_stream",
    "Headers": "pyastro.runtime.headers",
    "Next": "pyastro.runtime.middleware",
    "Rendition": "pyastro.runtime.asset",
    "Request": "pyastro.runtime.request",
    "Response": "pyastro.runtime.response",
    "Site": "pyastro.runtime.site",
    "URL": "pyastro.runtime.url",
    "assets": "pyastro.runtime.asset",
    "define_vars": "pyastro.runtime.scripts",
    "keep_newline": "pyastro.runtime.newline",
    "newline_keeper": "pyastro.runtime.newline",
    "newline_kept": "pyastro.runtime.newline",
    "read_environment": "pyastro.runtime.environment",
    "render_component": "pyastro.runtime.tags",
    "render_element": "pyastro.runtime.tags",
    "returned": "pyastro.runtime.response",
    "run_sync": "pyastro.runtime.threads",
    "sequence": "pyastro.runtime.middleware",
    "spread_props": "pyastro.runtime.tags",
    "style_variables": "pyastro.runtime.css",
    "undeclared": "pyastro.runtime.tags",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        found = globals()[name] = getattr(import_module(_LATER[name]), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "DEFAULT",
    "NO_SLOTS",
    "URL",
    "Asset",
    "Astro",
    "Component",
    "Context",
    "Event",
    "FetchError",
    "FetchTimeout",
    "Headers",
    "Markup",
    "MarkupValue",
    "Next",
    "Page",
    "PropError",
    "Rendition",
    "Request",
    "Response",
    "Secret",
    "Site",
    "Slot",
    "Slots",
    "Spelling",
    "Write",
    "assets",
    "attribute",
    "attributes",
    "class_list",
    "component",
    "create_astro",
    "define_vars",
    "escape",
    "fetch",
    "filled",
    "formatted",
    "given",
    "joined_props",
    "keep_newline",
    "newline_keeper",
    "newline_kept",
    "page",
    "raw",
    "read_environment",
    "render_child",
    "render_component",
    "render_element",
    "returned",
    "run_sync",
    "sequence",
    "slot_name",
    "spread_props",
    "style_variables",
    "text",
    "trusted",
    "undeclared",
]
