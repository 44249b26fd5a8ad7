"""Finding an adapter by its name: ours, and those that other packages bring."""

from collections.abc import Callable, Mapping
from importlib import import_module

from pyastro.adapters.adapter import Adapter

GROUP = "pyastro.adapters"
"""The group of entry points under which packages list adapters: each is a callable without arguments."""

OWN: Mapping[str, tuple[str, str]] = {
    "cloudflare": ("pyastro.adapters.cloudflare", "CloudflareAdapter"),
    "deno": ("pyastro.adapters.deno", "DenoAdapter"),
    "lambda": ("pyastro.adapters.awslambda", "LambdaAdapter"),
    "netlify": ("pyastro.adapters.netlify", "NetlifyAdapter"),
    "server": ("pyastro.adapters.server", "ServerAdapter"),
    "static": ("pyastro.adapters.static", "StaticAdapter"),
    "vercel": ("pyastro.adapters.vercel", "VercelAdapter"),
}
"""Ours, by name: a module, which is loaded when its adapter is named, and a callable in it."""


class AdapterError(LookupError):
    """There is no adapter of that name."""


def find_adapter(name: str) -> Adapter:
    """The adapter of a name. Raises AdapterError with the names that there are."""
    if name in OWN:
        module, attribute = OWN[name]
        own: Callable[[], Adapter] = getattr(import_module(module), attribute)
        return own()
    from importlib.metadata import entry_points  # which takes a while to load

    found = {point.name: point for point in entry_points(group=GROUP)}
    if name not in found:
        raise AdapterError(f"There is no adapter {name!r}; there are: {', '.join(sorted({*OWN, *found}))}")
    try:
        make: Callable[[], Adapter] = found[name].load()
    except (ImportError, AttributeError) as error:
        raise AdapterError(f"The adapter {name!r} ({found[name].value}) cannot be loaded: {error}") from None
    return make()
