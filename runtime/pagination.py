"""Pagination, as Astro has it: a list in pages of some items each, and the paths of these pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

__all__ = ["Page", "PageURLs", "Paginate", "PaginationError"]

T = TypeVar("T")
Entry = dict[str, Any]


class PaginationError(ValueError):
    """`paginate` was called for a route that cannot have pages, or with a size that is none."""


@dataclass(frozen=True, slots=True)
class PageURLs:
    """Where a page and its neighbours are; None where there is no such page."""

    current: str
    prev: str | None
    next: str | None
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list."""

    data: list[T]
    start: int
    """The place of its first item in the whole list, from 0."""
    end: int
    """The place of its last item."""
    size: int
    """How many items a full page has."""
    total: int
    """How many items there are on all pages."""
    current_page: int
    """Its number, from 1."""
    last_page: int
    """The number of the last page, and of all pages."""
    url: PageURLs


class Paginate:
    """What `get_static_paths(paginate)` receives; the route has to have the param `[page]` or `[...page]`."""

    def __init__(
        self,
        source: str,
        kind: str | None,
        address: Callable[[Mapping[str, str | None]], str],
    ) -> None:
        """`kind` is that of the route's part `page`, `address` gives the path for some params."""
        self._source = source
        self._is_rest = kind == "rest"
        self._has_param = kind in ("param", "rest")
        self._address = address

    def __call__(
        self,
        data: Iterable[T],
        *,
        page_size: int = 10,
        params: Mapping[str, object] | None = None,
        props: Mapping[str, object] | None = None,
    ) -> list[Entry]:
        """An entry for each page: the param `page`, and the prop `page`, a `Page`. An empty list has one page.

        `params` and `props` are those that all pages have besides. The first page of `[...page]` has no number in its
        path. Raises PaginationError where the route has no such param, or the size is less than one.
        """
        if not self._has_param:
            raise PaginationError(
                f"{self._source}: paginate needs a param called page in the file's name: [page] or [...page]"
            )
        if page_size < 1:
            raise PaginationError(f"{self._source}: page_size is {page_size}, and should be 1 or more")
        items = list(data)
        last = max(1, -(-len(items) // page_size))
        others = {name: None if value is None else str(value) for name, value in (params or {}).items()}
        return [
            self._entry(items, number, page_size, last, others, props or {}) for number in range(1, last + 1)
        ]

    def _entry(
        self,
        items: list[T],
        number: int,
        size: int,
        last: int,
        params: Mapping[str, str | None],
        props: Mapping[str, object],
    ) -> Entry:
        start = (number - 1) * size
        data = items[start : start + size]

        def url(page: int) -> str:
            return self._address({**params, "page": self._param(page)})

        urls = PageURLs(
            current=url(number),
            prev=url(number - 1) if number > 1 else None,
            next=url(number + 1) if number < last else None,
            first=url(1) if number > 1 else None,
            last=url(last) if number < last else None,
        )
        page = Page(data, start, start + len(data) - 1, size, len(items), number, last, urls)
        return {"params": {**params, "page": self._param(number)}, "props": {**props, "page": page}}

    def _param(self, number: int) -> str | None:
        return None if self._is_rest and number == 1 else str(number)
