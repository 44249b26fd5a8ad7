"""Adding the script that keeps a page up to date to the documents of a site, and to no other response."""

import re
from collections.abc import AsyncGenerator

from markupsafe import Markup

from pyastro.runtime.file_body import FileBody
from pyastro.runtime.response import Response

PREFIX = "/_pyastro/"

_DOCUMENT = re.compile(rb"(?>\s|\xef\xbb\xbf|<!--(?s:.)*?-->)*<(!doctype|html)\b", re.IGNORECASE)
_SCRIPT = Markup('<script async src="{prefix}client.js"{attributes}></script>')
_POLICIES = ("content-security-policy", "content-security-policy-report-only")
_NEEDED = ("script-src", "connect-src", "frame-src")


def script(**attributes: object) -> bytes:
    """The element that loads the script, with what it has to know."""
    written = (Markup(' data-{}="{}"').format(name, value) for name, value in attributes.items())
    return _SCRIPT.format(prefix=PREFIX, attributes=Markup("").join(written)).encode()


def inject(response: Response, element: bytes) -> None:
    """Put an element at the end of a response that is a whole HTML document; leave any other as it is."""
    kind = response.headers.get("content-type", "")
    if not kind.lower().startswith("text/html") or response.body is None or _is_fixed(response):
        return
    for name in _POLICIES:
        for value in response.headers.get_all(name)[:1]:
            response.headers[name] = opened_policy(value)
    body = response.body
    if isinstance(body, str):
        response.body = with_element(body.encode("utf-8", "surrogatepass"), element)
    elif isinstance(body, bytes):
        response.body = with_element(body, element)
    else:
        response.headers.delete("content-length")  # which counts no script
        stream = Response(body).stream()
        response.body = _with_element_at_end(stream, element)


def _is_fixed(response: Response) -> bool:
    """Must the body stay as it is: a file, or what is encoded already?"""
    return isinstance(response.body, FileBody) or response.headers.has("content-encoding")


def with_element(document: bytes, element: bytes) -> bytes:
    """A document with an element at the end of its body; what is only a part of one stays as it is."""
    if not _DOCUMENT.match(document):
        return document
    at = document.lower().rfind(b"</body")
    return document + element if at < 0 else document[:at] + element + document[at:]


async def _with_element_at_end(
    pieces: AsyncGenerator[bytes, None], element: bytes
) -> AsyncGenerator[bytes, None]:
    """The pieces of a document, and the element after them."""
    is_document: bool | None = None
    try:
        async for piece in pieces:
            if is_document is None and piece:
                is_document = _DOCUMENT.match(piece) is not None
            yield piece
        if is_document:
            yield element
    finally:
        await pieces.aclose()


def opened_policy(policy: str) -> str:
    """A Content-Security-Policy that lets the site's own server give a script, events and a frame as well."""
    parts = (part.split() for part in policy.split(";") if part.strip())
    directives = {name.lower(): values for name, *values in parts}
    default = directives.get("child-src", directives.get("default-src"))
    for name in _NEEDED:
        values = directives.get(name, default if name == "frame-src" else directives.get("default-src"))
        if values is not None:
            directives[name] = [*(value for value in values if value.lower() != "'none'"), "'self'"]
    return "; ".join(" ".join((name, *values)) for name, values in directives.items())
