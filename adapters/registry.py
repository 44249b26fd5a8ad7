"""Finding an adapter by its name: ours, and those that other packages bring."""

from collections.abc import Callable

from pyastro.adapters.adapter import Adapter
from pyastro.adapters.server import ServerAdapter
from pyastro.adapters.static import StaticAdapter

GROUP = "pyastro.adapters"
"""The group of entry points under which packages list adapters: each is a callable without arguments."""

_OWN: dict[str, Callable[[], Adapter]] = {"static": StaticAdapter, "server": ServerAdapter}


class AdapterError(LookupError):
    """There is no adapter of that name."""


def find_adapter(name: str) -> Adapter:
    """The adapter of a name. Raises AdapterError with the names that there are."""
    if name in _OWN:
        return _OWN[name]()
    from importlib.metadata import entry_points  # which takes a while to load

    found = {point.name: point for point in entry_points(group=GROUP)}
    if name not in found:
        raise AdapterError(f"There is no adapter {name!r}; there are: {', '.join(sorted({*_OWN, *found}))}")
    make: Callable[[], Adapter] = found[name].load()
    return make()
