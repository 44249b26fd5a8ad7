"""A browser without a screen and without a socket: it asks a site, and keeps cookies."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Generic, Self, TypeVar
from urllib.parse import urlencode

from pyastro.runtime.dates import read_http_date
from pyastro.runtime.fetch import close_fetch
from pyastro.runtime.headers import Headers, HeadersInit
from pyastro.runtime.manifest import Manifest
from pyastro.runtime.outgoing import add_request_id
from pyastro.runtime.request import Request
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site
from pyastro.runtime.url import URL
from pyastro.testing.answer import Answer
from pyastro.testing.document import Element
from pyastro.testing.forms import form_fields
from pyastro.testing.requests import Body, Fields, File, encoded_body

__all__ = ["AsyncClient", "Client"]

A = TypeVar("A")
"""What asking gives: an Answer, or a coroutine that does."""

_KEEP_METHOD = (307, 308)
_REDIRECTS = (301, 302, 303, *_KEEP_METHOD)
_MOST_REDIRECTS = 20


class _Visitor(ABC, Generic[A]):
    """What both clients know and do."""

    def __init__(
        self,
        site: Site | str | Path,
        *,
        base_url: str = "http://localhost",
        headers: HeadersInit | None = None,
        client_address: str = "127.0.0.1",
        timeout: float = 30.0,
        **options: Any,
    ) -> None:
        """Make a client for a site, or for the build in a folder.

        `headers` go with each request. `options` are those of `Site.load`. Sessions are kept in memory, unless the site
        keeps them in cookies, or a `session_store` is given. An answer that takes longer than `timeout` seconds is a
        TimeoutError.
        """
        self.site = site if isinstance(site, Site) else _load(Path(site), options)
        self.cookies: dict[str, str] = {}
        """The cookies that go with each request, with their values as they are sent."""
        self.url = URL(base_url)
        """The address of the last answer. Relative ones are counted from it, as in a browser."""
        self._headers = Headers(headers)
        self._client_address = client_address
        self._timeout = timeout

    @abstractmethod
    def _run(self, coroutine: Coroutine[Any, Any, Answer]) -> A: ...

    def request(
        self,
        method: str,
        target: str | URL,
        *,
        headers: HeadersInit | None = None,
        data: bytes | str | None = None,
        json: Any = None,
        form: Fields | None = None,
        files: Mapping[str, File] | None = None,
        follow_redirects: bool = False,
    ) -> A:
        """The answer to a request. `target` is a path, perhaps with a query, or a URL.

        The body is `data`, a value as `json`, or a `form`, which may carry `files`: `{"photo": ("a.png", b"…")}`.
        """
        fields, body = encoded_body(Body(data, json, form, files), headers)
        return self._run(self._asked(method, target, fields, body, follow_redirects))

    def get(self, target: str | URL, **options: Any) -> A:
        """The answer to GET. `options` are those of `request`, here and below."""
        return self.request("GET", target, **options)

    def head(self, target: str | URL, **options: Any) -> A:
        """The answer to HEAD."""
        return self.request("HEAD", target, **options)

    def options(self, target: str | URL, **options: Any) -> A:
        """The answer to OPTIONS."""
        return self.request("OPTIONS", target, **options)

    def post(self, target: str | URL, **options: Any) -> A:
        """The answer to POST."""
        return self.request("POST", target, **options)

    def put(self, target: str | URL, **options: Any) -> A:
        """The answer to PUT."""
        return self.request("PUT", target, **options)

    def patch(self, target: str | URL, **options: Any) -> A:
        """The answer to PATCH."""
        return self.request("PATCH", target, **options)

    def delete(self, target: str | URL, **options: Any) -> A:
        """The answer to DELETE."""
        return self.request("DELETE", target, **options)

    def submit(
        self, form: Element, values: Mapping[str, str | Sequence[str]] | None = None, **options: Any
    ) -> A:
        """What is answered when a visitor sends a form of the last answer, filled in with `values`.

        What else the form holds, hidden fields for example, is sent as it is. Raises AssertionError for a name that no
        control of the form has.
        """
        fields = form_fields(form, values or {})
        target = self.url.join(form.get("action") or str(self.url))
        if form.get("method").lower() == "post":
            return self.post(target, form=fields, **options)
        return self.get(target.replace(query=urlencode(fields)), **options)

    def module(self, name: str) -> ModuleType:
        """A module of the build, such as `components.Card`: what `render` takes."""
        return self.site.build.module(name)

    async def _asked(
        self, method: str, target: str | URL, headers: Headers, body: bytes | None, follow_redirects: bool
    ) -> Answer:
        answer = await self._answer(method, self._url(target), headers, body)
        history: list[Answer] = []
        while follow_redirects and (to := self._redirect(answer)) is not None:
            if len(history) == _MOST_REDIRECTS:
                raise AssertionError(f"More than {_MOST_REDIRECTS} redirects, at last to {to}")
            history.append(answer)
            if answer.status not in _KEEP_METHOD and method != "HEAD":
                method, headers, body = "GET", Headers(), None
            answer = await self._answer(method, to, headers, body, tuple(history))
        return answer

    async def _answer(
        self,
        method: str,
        url: URL,
        headers: Headers,
        body: bytes | None,
        history: tuple[Answer, ...] = (),
    ) -> Answer:
        request = Request(method, url, self._fields(headers), body, client_address=self._client_address)
        try:
            async with asyncio.timeout(self._timeout):
                response = await self.site.handle(request)
                content = await response.bytes()
        finally:
            request.close()
        add_request_id(response, request.id)
        self.url = url
        cookies = self._keep(response.headers.get_all("set-cookie"))
        return Answer(url, response.status, response.headers, content, cookies, history)

    def _fields(self, headers: Headers) -> Headers:
        """The headers of a request: its own, those that go with each, and the cookies."""
        fields = headers.copy()
        for name, value in self._headers.items():
            if not headers.has(name):
                fields.append(name, value)
        if self.cookies and not fields.has("cookie"):
            fields["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return fields

    def _url(self, target: str | URL) -> URL:
        """The URL for a target; a path is taken as it is, whatever stands in it."""
        text = str(target)
        return URL(self.url.origin + text) if text.startswith("/") else self.url.join(text)

    def _redirect(self, answer: Answer) -> URL | None:
        """Where a redirect leads within the site."""
        if answer.status not in _REDIRECTS or answer.location is None:
            return None
        to = answer.url.join(answer.location)
        return to if to.origin == answer.url.origin else None

    def _keep(self, headers: list[str]) -> dict[str, str]:
        """Keeps the cookies of an answer, and forgets those that it takes back. Gives those that it sets."""
        found: dict[str, str] = {}
        for header in headers:
            pair, *attributes = header.split(";")
            name, _, value = pair.strip().partition("=")
            if _is_expired(attributes):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = found[name] = value
        return found


class Client(_Visitor[Answer]):
    """A client for ordinary tests: `with Client("build") as client: client.get("/")`.

    The site is started at the beginning of the block, on an event loop of its own, and stopped at its end. Every cookie
    that it sets goes with the requests that follow.
    """

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        try:
            self._runner.run(self.site.startup())
        except BaseException:
            self._runner.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._runner:
            self._runner.run(_stop(self.site))

    def _run(self, coroutine: Coroutine[Any, Any, Answer]) -> Answer:
        if not hasattr(self, "_runner"):
            coroutine.close()
            raise RuntimeError(
                "The site is not started: use the client in a block, with Client(…) as client:"
            )
        return self._runner.run(coroutine)


class AsyncClient(_Visitor[Coroutine[Any, Any, Answer]]):
    """A client for tests on an event loop: `async with AsyncClient("build") as client: await client.get("/")`."""

    async def __aenter__(self) -> Self:
        await self.site.startup()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await _stop(self.site)

    def _run(self, coroutine: Coroutine[Any, Any, Answer]) -> Coroutine[Any, Any, Answer]:
        return coroutine


def _load(build: Path, options: dict[str, Any]) -> Site:
    """The site of a build, whose sessions need neither a file nor a server."""
    if Manifest.read(build).config.session.driver != "cookie":
        options = {"session_store": MemoryStore(), **options}
    return Site.load(build, **options)


async def _stop(site: Site) -> None:
    try:
        await site.shutdown()
    finally:
        await close_fetch()


def _is_expired(attributes: list[str]) -> bool:
    """Whether a `Set-Cookie` takes its cookie back; `Max-Age` counts before `Expires` (RFC 6265, 5.3)."""
    given = {name.strip().lower(): value for name, _, value in (each.partition("=") for each in attributes)}
    if "max-age" in given:
        return int(given["max-age"]) <= 0
    expires = read_http_date(given.get("expires"))
    return expires is not None and expires <= time.time()
