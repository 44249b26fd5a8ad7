"""A test's request as one of the site's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlencode

from pyastro.runtime.headers import Headers, HeadersInit

__all__ = ["Body", "Fields", "File", "encoded_body"]

Fields: TypeAlias = Mapping[str, str | Sequence[str]] | Iterable[tuple[str, str]]
File: TypeAlias = bytes | str | tuple[str, bytes | str] | tuple[str, bytes | str, str]
"""The content of a file; with a file name before it, and a content type after it."""

_BOUNDARY = "----pyastro-testing-boundary"


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries: bytes or text, a value as JSON, or a form, perhaps with files."""

    data: bytes | str | None = None
    json: Any = None
    form: Fields | None = None
    files: Mapping[str, File] | None = None


def encoded_body(body: Body, headers: HeadersInit | None) -> tuple[Headers, bytes | None]:
    """The headers and the bytes of a request. A content type that the headers name stays."""
    fields = Headers(headers)
    kind, data = _encoded(body)
    if kind and not fields.has("content-type"):
        fields["content-type"] = kind
    if data is not None and not fields.has("content-length"):
        fields["content-length"] = str(len(data))
    return fields, data


def _encoded(body: Body) -> tuple[str, bytes | None]:
    given = [name for name in ("data", "json") if getattr(body, name) is not None]
    given += ["form or files"] if body.form is not None or body.files is not None else []
    if len(given) > 1:
        raise TypeError(f"A request has one body, not {' and '.join(given)}")
    if body.json is not None:
        return "application/json", json.dumps(body.json).encode()
    if body.files is not None:
        return f"multipart/form-data; boundary={_BOUNDARY}", _multipart(pairs(body.form or {}), body.files)
    if body.form is not None:
        return "application/x-www-form-urlencoded", urlencode(pairs(body.form)).encode()
    return "", body.data.encode() if isinstance(body.data, str) else body.data


def pairs(fields: Fields) -> list[tuple[str, str]]:
    """Names and values; a name that has several values comes several times."""
    if not isinstance(fields, Mapping):
        return list(fields)
    return [
        (name, each)
        for name, value in fields.items()
        for each in ([value] if isinstance(value, str) else value)
    ]


def _multipart(fields: Iterable[tuple[str, str]], files: Mapping[str, File]) -> bytes:
    parts = [_part(f'name="{_escaped(name)}"', value.encode()) for name, value in fields]
    for name, file in files.items():
        filename, content, kind = _file(name, file)
        head = f'name="{_escaped(name)}"; filename="{_escaped(filename)}"\r\ncontent-type: {kind}'
        parts.append(_part(head, content))
    return b"".join([*parts, f"--{_BOUNDARY}--\r\n".encode()])


def _part(head: str, content: bytes) -> bytes:
    return f"--{_BOUNDARY}\r\ncontent-disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"


def _file(name: str, file: File) -> tuple[str, bytes, str]:
    filename, content, *kind = file if isinstance(file, tuple) else (name, file)
    return (
        filename,
        content.encode() if isinstance(content, str) else content,
        kind[0] if kind else "application/octet-stream",
    )


def _escaped(name: str) -> str:
    """A name as browsers write it there (HTML standard, 4.10.21.8)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
