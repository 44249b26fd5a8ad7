"""Hand-written Python."""

import platform
from functools import partial

from benchmarks import limit
from benchmarks.contestants import Synchronous
from benchmarks.data import Data


def load(data: Data) -> Synchronous:
    """The limit."""
    pages = {
        "table": partial(limit.table, data.table),
        "escape": partial(limit.escaping, data.texts),
        "cards": partial(limit.cards, data.links, data.products),
        "static": partial(limit.static, data.guide),
        "hello": partial(limit.hello, data.name),
    }
    return Synchronous("hand-written Python", platform.python_version(), pages)
