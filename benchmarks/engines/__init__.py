"""The contestants, one module each: `load(data)` gives the contestant with its templates loaded, as in production."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from benchmarks.contestants import Contestant
from benchmarks.data import PAGES, Data

__all__ = ["ENGINES", "TEMPLATES", "load_engine", "renderers"]

ENGINES = (
    "limit_pages",
    "pyastro_pages",
    "jinja_pages",
    "minijinja_pages",
    "mako_pages",
    "chameleon_pages",
    "django_pages",
    "htpy_pages",
    "jinjax_pages",
)

TEMPLATES = Path(__file__).parent.parent / "templates"


def load_engine(module: str, data: Data) -> Contestant:
    """A contestant of this Python process. Raises ImportError where its package is missing."""
    contestant: Contestant = import_module(f"benchmarks.engines.{module}").load(data)
    return contestant


def renderers(render: Callable[..., str], data: Data) -> dict[str, Callable[[], str]]:
    """All pages of an engine that is called as `render(page, **props)`."""
    return {page: partial(render, page, **data.props(page)) for page in PAGES}
