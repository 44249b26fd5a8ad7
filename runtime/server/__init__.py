"""Serving a site with aiohttp. Nothing else of the runtime imports this package, or aiohttp."""

from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.server.application import Application
from pyastro.runtime.server.running import serve_site
from pyastro.runtime.server.serve import serve, serve_files
from pyastro.runtime.server.settings import Settings

__all__ = ["Application", "Deadlines", "Settings", "serve", "serve_files", "serve_site"]
