"""Rendering pages ahead of all requests: a build of modules becomes files."""

from pyastro.prerender.plan import is_ahead
from pyastro.prerender.prerender import Report, prerender
from pyastro.prerender.render import Rendered

__all__ = ["Rendered", "Report", "is_ahead", "prerender"]
