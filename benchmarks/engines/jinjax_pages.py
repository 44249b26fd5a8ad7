"""JinjaX: components for Jinja2."""

from functools import partial
from importlib.metadata import version

import jinja2
from jinjax import Catalog

from benchmarks.contestants import Synchronous
from benchmarks.data import Data
from benchmarks.engines import TEMPLATES


def load(data: Data) -> Synchronous:
    """The pages that have components, or are small; the others would be those of Jinja2."""
    catalog = Catalog(jinja_env=jinja2.Environment(autoescape=True), auto_reload=False)
    catalog.add_folder(TEMPLATES / "jinjax")
    pages = {
        page: partial(catalog.render, page.capitalize(), **data.props(page)) for page in ("cards", "hello")
    }
    return Synchronous("JinjaX", version("jinjax"), pages)
