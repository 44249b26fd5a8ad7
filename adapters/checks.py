"""What of a site a host cannot do, found before anything is rendered."""

import ast
from collections.abc import Iterator
from pathlib import Path

from pyastro.adapters.adapter import Adapter, Compiled, Problem


def problems_of(adapter: Adapter, compiled: Compiled) -> list[Problem]:
    """All that stands against a site on an adapter's host."""
    can = adapter.capabilities
    problems: list[Problem] = []
    if not can.renders_on_demand:
        problems += _on_demand(compiled)
    elif compiled.on_demand:
        problems += _session(adapter, compiled)
        problems += [] if can.streams else _streams(adapter, compiled)
    return [*problems, *adapter.check(compiled)]


def _on_demand(compiled: Compiled) -> Iterator[Problem]:
    for route in compiled.on_demand:
        yield Problem(
            f"{route.source} is rendered on demand, which files alone cannot do.",
            'Set `adapter = "server"` in the configuration, or remove `prerender = False` from it.',
        )


def _session(adapter: Adapter, compiled: Compiled) -> Iterator[Problem]:
    """A driver that its host cannot hold. It is no matter where nothing of the site uses sessions."""
    driver, held = compiled.manifest.config.session.driver, adapter.capabilities.sessions
    if driver not in held and any(_mentions(path, "session") for path in _modules(compiled.build)):
        others = " or ".join(f'`driver = "{each}"`' for each in sorted(held))
        yield Problem(
            f"The site keeps sessions, and {adapter.name} cannot hold them with the driver {driver}: "
            f"{_WHY.get(driver, 'it is not there')}.",
            (
                f"Set {others} in the table `session` of the configuration."
                if held
                else "Choose another host, or keep what the sessions hold in the browser."
            ),
        )


_WHY = {
    "sqlite": "no file there outlives a request, nor do other instances see it",
    "memory": "each instance has a memory of its own, which ends with it",
    "redis": "no connection can be opened there",
}


def _streams(adapter: Adapter, compiled: Compiled) -> Iterator[Problem]:
    for route in compiled.on_demand:
        path = compiled.build / f"{route.module.replace('.', '/')}.py"
        if _asks_to_stream(path):
            yield Problem(
                f"{route.source} streams, and {adapter.name} sends a response when all of it is there.",
                "Remove `stream = True` from it, or `prerender = False`.",
            )
        elif _mentions(path, "event_stream"):
            yield Problem(
                f"{route.source} sends events without end, and {adapter.name} sends a response when all of it is there.",
                "Let the page ask again from time to time, or choose another host.",
            )


def _modules(build: Path) -> Iterator[Path]:
    return (path for path in sorted(build.rglob("*.py")))


def _mentions(path: Path, name: str) -> bool:
    """Does a module take an attribute of this name, of anything?"""
    tree = ast.parse(path.read_bytes())
    return any(isinstance(node, ast.Attribute) and node.attr == name for node in ast.walk(tree))


def _asks_to_stream(path: Path) -> bool:
    """Is the module's page one that is sent while it is rendered?"""
    calls = (node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call))
    return any(
        ast.unparse(call.func) == "page" and any(word.arg == "stream" for word in call.keywords)
        for call in calls
    )
