"""Responses of the site's as what Lambda hands on."""

import json
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

LARGEST = 6 * 1024 * 1024
"""The bytes that Lambda carries of a result, which is sent as JSON."""
_LONGEST_CHARACTER = 6
"""Bytes of one character in JSON: some of Lambda's runtimes send what is not ASCII as `\\u00e9`."""


def to_result(event: Event, response: Response, body: bytes) -> dict[str, Any]:
    """The result that an event's service makes a response of."""
    fields = outgoing_fields(response.headers, without_length=True)
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


def is_too_large(result: dict[str, Any]) -> bool:
    """Is it more than Lambda carries?"""
    if result["isBase64Encoded"]:
        return len(result["body"]) + len(json.dumps({**result, "body": ""})) > LARGEST
    return len(result["body"]) * _LONGEST_CHARACTER > LARGEST // 2 and len(json.dumps(result)) > LARGEST


def _text(response: Response, body: bytes) -> str | None:
    """The body as text where it is one; None where it has to be encoded, or is shorter that way."""
    kind = response.headers.get("content-type", "")
    if not kind.startswith(_TEXT) or response.headers.has("content-encoding"):
        return None if body else ""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    is_short = len(text) * _LONGEST_CHARACTER <= LARGEST
    return text if is_short or len(json.dumps(text)) < len(body) * 4 / 3 else None


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
