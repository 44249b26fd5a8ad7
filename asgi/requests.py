"""A scope of ASGI's as a request of the site's."""

from urllib.parse import quote, unquote

from pyastro.asgi.connection import Connection
from pyastro.asgi.protocol import Scope
from pyastro.runtime.errors import BadRequest
from pyastro.runtime.headers import Headers
from pyastro.runtime.hosts import listening_authority
from pyastro.runtime.incoming import Sender, Trust, check_announced, headers_of, host_and_target, request_url
from pyastro.runtime.request import Request


def to_request(scope: Scope, connection: Connection, trust: Trust) -> Request:
    """The site's request for a scope.

    Raises RequestError for a target or a `Host` that is malformed, and for a body that is announced as too large.
    """
    headers = headers_of(scope["headers"])
    length = _length(headers)
    check_announced(headers, length, trust.limits, is_old=scope["http_version"] == "1.0")
    if not headers.has("expect"):
        connection.listen()
    host, target = host_and_target(headers, _target(scope), needs_host=scope["http_version"] == "1.1")
    target, root_path = _mounted(scope, target)
    sender = Sender(scope.get("scheme"), host, scope["client"][0] if scope.get("client") else None)
    if trust.trust_forwarded:
        sender = sender.behind_proxy(headers)
    listening = listening_authority(*(scope.get("server") or ("localhost", None)))
    url = request_url(sender.scheme, sender.host, target, trust.hosts, listening)
    body = None if length == 0 else connection.body()
    try:
        return Request(
            scope["method"],
            url,
            headers,
            body,
            client_address=sender.client,
            root_path=root_path,
            limits=trust.limits,
        )
    except ValueError as error:
        raise BadRequest(str(error)) from None


def given_id(scope: Scope) -> str:
    """The `X-Request-ID` that a request came with, in whatever state its other headers are."""
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), "")


def _length(headers: Headers) -> int | None:
    text = headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _target(scope: Scope) -> str:
    """The path and the query as they were sent.

    A server need not give the path so (`raw_path`). What it gives then is decoded, and encoded here anew: an escaped
    slash is a slash to such a server, and to the site as well.
    """
    raw: bytes | None = scope.get("raw_path")
    path = quote(scope["path"]) if raw is None else raw.decode("utf-8", "surrogateescape")
    query: bytes = scope.get("query_string", b"")
    return f"{path}?{query.decode('utf-8', 'surrogateescape')}" if query else path


def _mounted(scope: Scope, target: str) -> tuple[str, str]:
    """The target with the path below which the site is mounted, and that path, spelt as in the target.

    In ASGI the one contains the other; a server behind a proxy that cuts the path off may leave it away. Raises
    BadRequest where a host that compares decoded paths found its own in one that is spelt otherwise (`/shop%2Fcart`).
    """
    root: str = scope.get("root_path", "").rstrip("/")
    if not root:
        return target, ""
    path = target.partition("?")[0]
    depth = root.count("/")
    parts = path.split("/")[: depth + 1]
    if [unquote(part) for part in parts] == root.split("/"):
        return target, "/".join(parts)
    if f"{scope['path']}/".startswith(f"{root}/"):
        raise BadRequest("The path is spelt otherwise than its mount point")
    return quote(root) + target, quote(root)
