"""The exceptions of the runtime: what a request may do wrong, and what code may."""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "BadRequest",
    "BodyUsed",
    "ContentTooLarge",
    "FetchError",
    "FetchTimeout",
    "NoRequest",
    "NoSession",
    "RequestError",
    "ResponseSentError",
    "UnsupportedMediaType",
]


class RequestError(Exception):
    """What a client sent cannot be used; `status` is the answer that says so.

    A page or an endpoint may catch it. When nobody does, the site answers with `status`.
    """

    status: ClassVar[int] = 400


class BadRequest(RequestError, ValueError):
    """Something in the request is malformed: its JSON, a form, a cookie (RFC 9110, 15.5.1)."""


class ContentTooLarge(RequestError):
    """The body, or a part of it, is larger than the site's limits allow (RFC 9110, 15.5.14)."""

    status: ClassVar[int] = 413


class UnsupportedMediaType(RequestError):
    """The body is not of a type that was asked for, such as a form (RFC 9110, 15.5.16)."""

    status: ClassVar[int] = 415


class BodyUsed(RuntimeError):
    """A body that can be read only once was taken already, by `stream()` or as a form."""


class NoRequest(RuntimeError):
    """A component asked for its request, but was rendered without one."""

    def __init__(self, name: str) -> None:
        """Say which attribute (`name`) needs the request, and how to give one."""
        super().__init__(
            f"There is no request, so Astro.{name} is not known. Pass one to render: "
            'render(Astro(request=Request("GET", "http://localhost/")))'
        )


class NoSession(RuntimeError):
    """A component asked for the session, but its context was made without one."""

    def __init__(self) -> None:
        """Say how a context gets a session."""
        super().__init__(
            "There is no session here. A site gives one to each request; "
            "elsewhere, pass it: Astro(request=…, session=…)"
        )


class ResponseSentError(RuntimeError):
    """The head of a response was to be changed after it was sent: the page streams, or its body is a stream."""

    def __init__(self, change: str) -> None:
        """Say what came too late."""
        super().__init__(
            f"{change} comes too late: the response was begun already. Do it in the frontmatter of the page, before "
            "its first output, or let the page be sent as a whole, without `stream = True`"
        )


class ServiceUnavailable(RuntimeError):
    """What the site needs to answer cannot be reached now; the message says what, and what to do about it.

    A page or an endpoint may catch it. When nobody does, the message is logged, and the visitor gets a 503.
    """


class SetupError(RuntimeError):
    """What a site needs to start is not there; the message says what, and what to do about it."""


class FetchError(Exception):
    """`fetch` got no response: the URL is malformed, the connection failed, or time ran out."""


class FetchTimeout(FetchError, TimeoutError):
    """`fetch` got no response, or not all of it, in time."""
