"""What `fetch` hands to the client that sends it, and gets back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable
from dataclasses import dataclass

from pyastro.runtime.errors import FetchError, FetchTimeout
from pyastro.runtime.headers import Headers

__all__ = ["Received", "Sent", "broken_off", "failed", "nothing_came", "timed_out"]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request to another server."""

    method: str
    url: str
    headers: Headers
    body: bytes | AsyncIterable[bytes] | None
    timeout: float | None
    """Seconds for the whole; of a stream, for each silence."""
    is_stream: bool
    """Is the body of the response read as it is asked for?"""
    follows_redirects: bool


@dataclass(frozen=True, slots=True)
class Received:
    """The head of a response, and its body, which was not read yet."""

    status: int
    status_text: str
    url: str
    """Where it came from, after redirects."""
    fields: Iterable[tuple[str, str]]
    """The headers; each character of a value stands for one byte."""
    pieces: AsyncGenerator[bytes, None]
    """The body, decompressed. Raises FetchError where it breaks off."""
    close: Callable[[], object]
    """Gives up what was not read. It may be called more than once, and must not hold the response."""


def timed_out(sent: Sent) -> FetchTimeout:
    """There was no response in time."""
    # the system has limits as well
    within = "in time" if sent.timeout is None else f"within {sent.timeout:g} seconds"
    return FetchTimeout(f"{sent.method} {sent.url}: no response {within}")


def failed(sent: Sent, reason: str) -> FetchError:
    """There was no response."""
    return FetchError(f"{sent.method} {sent.url} failed: {reason}")


def nothing_came(url: str) -> FetchTimeout:
    """Of a body there was no more in time."""
    return FetchTimeout(f"The body of {url} breaks off: nothing came in time")


def broken_off(url: str, reason: str) -> FetchError:
    """A body ends before its end."""
    return FetchError(f"The body of {url} breaks off: {reason}")
