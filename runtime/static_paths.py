"""`get_static_paths`: the params that a prerendered route exists for, and the props that come with them."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from types import ModuleType

from pyastro.runtime.addresses import ON_DEMAND, Addresses
from pyastro.runtime.manifest import Route
from pyastro.runtime.pagination import Paginate

_Key = tuple[str | None, ...]
Props = Mapping[str, object]


class StaticPathsError(TypeError):
    """What `get_static_paths` returned is no list of params."""


class StaticPaths:
    """The paths of one prerendered route. The author's function runs once, when the first path is asked for."""

    def __init__(
        self, function: Callable[..., object], route: Route, addresses: Addresses = ON_DEMAND
    ) -> None:
        self._function = function
        self._route = route
        self._addresses = addresses
        self._paths: dict[_Key, Props] | None = None
        self._lock: AbstractAsyncContextManager[None] | None = None

    @staticmethod
    def of(module: ModuleType, route: Route, addresses: Addresses) -> "StaticPaths | None":
        """The paths that a module lists; None where it lists none, or is rendered on demand and needs no list."""
        function = getattr(module, "get_static_paths", None)
        if function is None or getattr(module, "prerender", route.prerender) is False:
            return None
        return StaticPaths(function, route, addresses)

    async def params(self) -> list[dict[str, str | None]]:
        """The params of each path, in the author's order."""
        paths = self._paths if self._paths is not None else await self._evaluate_once()
        return [dict(zip(self._route.param_names, key, strict=True)) for key in paths]

    async def props(self, params: Mapping[str, str | None]) -> Props | None:
        """The props that belong to these params; None where there is no such path."""
        paths = self._paths if self._paths is not None else await self._evaluate_once()
        return paths.get(tuple(params.get(name) for name in self._route.param_names))

    async def _evaluate_once(self) -> dict[_Key, Props]:
        if self._lock is None:
            from asyncio import Lock

            self._lock = Lock()
        async with self._lock:
            if self._paths is None:
                self._paths = await self._evaluate()
            return self._paths

    async def _evaluate(self) -> dict[_Key, Props]:
        entries = self._function(*self._gifts())
        if inspect.isawaitable(entries):
            entries = await entries
        if not isinstance(entries, Iterable) or isinstance(entries, (str, bytes, Mapping)):
            raise StaticPathsError(
                f"{self._route.source}: get_static_paths should return a list of "
                f'{{"params": …, "props": …}}, and returned {type(entries).__name__}'
            )
        return dict(self._entry(entry) for entry in _flat(entries))

    def _gifts(self) -> list[Paginate]:
        """What the function asks for: nothing, or `paginate`."""
        names = [
            name
            for name, parameter in inspect.signature(self._function).parameters.items()
            if parameter.default is parameter.empty or name == "paginate"
        ]
        if names not in ([], ["paginate"]):
            raise StaticPathsError(
                f"{self._route.source}: get_static_paths takes nothing, or `paginate`, and asks for {', '.join(names)}"
            )
        kinds = {text: kind for segment in self._route.segments for kind, text in segment if kind != "static"}
        paginate = Paginate(
            self._route.source, kinds.get("page"), lambda params: self._addresses.path(self._route, params)
        )
        return [paginate for _ in names]

    def _entry(self, entry: object) -> tuple[_Key, Props]:
        params = entry.get("params") if isinstance(entry, Mapping) else None
        props = entry.get("props") if isinstance(entry, Mapping) else None
        if not isinstance(params, Mapping) or not (props is None or isinstance(props, Mapping)):
            raise StaticPathsError(
                f'{self._route.source}: get_static_paths gave {entry!r:.100}, which is no {{"params": …, "props": …}}'
            )
        return tuple(self._value(params, name) for name in self._route.param_names), props or {}

    def _value(self, params: Mapping[str, object], name: str) -> str | None:
        """A param as the router gives it: text, or None for a rest param without segments."""
        is_rest = ("rest", name) in (part for segment in self._route.segments for part in segment)
        if params.get(name) is None and not is_rest:
            raise StaticPathsError(
                f"{self._route.source}: get_static_paths gave no param {name!r} in {params!r:.100}"
            )
        value = params.get(name)
        return None if value is None or (is_rest and value == "") else str(value)


def _flat(entries: Iterable[object]) -> Iterable[object]:
    """The entries, and those of lists among them: `[paginate(…) for tag in tags]` gives lists, as in Astro."""
    for entry in entries:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry
