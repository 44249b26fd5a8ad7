"""Responses of the site's as what Lambda hands on."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from pyastro.awslambda.events import Event
from pyastro.runtime.outgoing import outgoing_fields
from pyastro.runtime.response import Response

_TEXT = ("text/", "application/json", "application/xml", "application/javascript", "image/svg+xml")
_UNKNOWN_TYPE = "application/octet-stream"  # else AWS would call it JSON
Fields = Sequence[tuple[str, str]]


def to_result(event: Event, response: Response, body: bytes) -> dict[str, Any]:
    """The result that an event's service makes a response of."""
    fields = [(name, value) for name, value in outgoing_fields(response.headers) if name != "content-length"]
    if body and not response.headers.has("content-type"):
        fields.append(("content-type", _UNKNOWN_TYPE))
    text = _text(response, body)
    result: dict[str, Any] = {
        "statusCode": response.status,
        "isBase64Encoded": text is None,
        "body": b64encode(body).decode() if text is None else text,
    }
    if "http" in event["requestContext"]:
        cookies = [value for name, value in fields if name.lower() == "set-cookie"]
        others = _joined([field for field in fields if field[0].lower() != "set-cookie"])
        return {**result, "headers": others, **({"cookies": cookies} if cookies else {})}
    if "elb" in event["requestContext"] and "multiValueHeaders" not in event:
        return {**result, "headers": dict(_one_by_one(fields))}
    return {**result, "multiValueHeaders": _grouped(fields)}


def _text(response: Response, body: bytes) -> str | None:
    """The body as text where it is one; None where it has to be encoded."""
    kind = response.headers.get("content-type", "")
    if not kind.startswith(_TEXT) or response.headers.has("content-encoding"):
        return None if body else ""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _grouped(fields: Fields) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, value in fields:
        groups.setdefault(name.lower(), []).append(value)
    return groups


def _joined(fields: Fields) -> dict[str, str]:
    """The values of one name as one value (RFC 9110, 5.3)."""
    return {name: ", ".join(values) for name, values in _grouped(fields).items()}


def _one_by_one(fields: Fields) -> Iterator[tuple[str, str]]:
    """The fields for a load balancer that takes one value of each name. Names differ in the case of their letters, too."""
    cookies = [value for name, value in fields if name.lower() == "set-cookie"]
    yield from _joined([field for field in fields if field[0].lower() != "set-cookie"]).items()
    yield from zip(_spellings("set-cookie"), cookies, strict=False)


def _spellings(name: str) -> Iterator[str]:
    """A name in all its spellings, of lower case first."""
    for letters in product(*((c, c.upper()) if c.isalpha() else (c,) for c in name)):
        yield "".join(letters)
