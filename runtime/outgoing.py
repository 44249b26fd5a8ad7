"""What every host does with a response of the site's before it sends it."""

from pyastro.runtime.headers import Headers
from pyastro.runtime.response import Response

_SERVER_FIELDS = frozenset(("connection", "keep-alive", "transfer-encoding", "upgrade", "server", "date"))
_SERVER_FIELDS_AND_LENGTH = _SERVER_FIELDS | {"content-length"}


def outgoing_fields(headers: Headers, *, without_length: bool = False) -> list[tuple[str, str]]:
    """The site's fields, without those that belong to the server; and without the length, where the host tells it."""
    return headers.items_without(_SERVER_FIELDS_AND_LENGTH if without_length else _SERVER_FIELDS)


def add_request_id(response: Response, request_id: str) -> None:
    """Names the request in its response, so that what a visitor reports can be found in the log."""
    if not response.headers.has("x-request-id"):
        response.headers["x-request-id"] = request_id


def known_body(response: Response) -> bytes | None:
    """The body in bytes; None for one that is sent in pieces, and for no body."""
    body = response.body
    if isinstance(body, str):
        return body.encode("utf-8", "replace")
    return body if isinstance(body, bytes) else None


def is_closing(headers: Headers) -> bool:
    """Whether the site wants the response to be the last of its connection."""
    return "close" in headers.get("connection", "").lower()
