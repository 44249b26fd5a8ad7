"""Media types, and the text of a body that has one."""

from __future__ import annotations

import codecs
import json
from math import isfinite
from typing import Any, NoReturn

from pyastro.runtime.errors import BadRequest, UnsupportedMediaType

__all__ = ["decode_text", "encode_text", "json_text", "parse_json", "parse_media_type"]

# The encodings of the Encoding standard that Python knows. Python's other codecs (punycode, idna …) are
# no character sets of the web, and some take quadratic time.
_CHARSETS = frozenset(
    ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "koi8-r", "koi8-u", "mac-roman", "cp866"]
    + ["gbk", "gb2312", "gb18030", "big5", "euc_jp", "shift_jis", "iso2022_jp", "euc_kr"]
    + [f"iso8859-{part}" for part in range(1, 17)]
    + [f"cp{page}" for page in (874, 949, *range(1250, 1259))]
)


def parse_media_type(value: str) -> tuple[str, dict[str, str]]:
    """The type in lower case and its parameters: `text/html; charset="UTF-8"` gives `{"charset": "UTF-8"}`.

    Of a parameter that is given twice, the first counts (MIME Sniffing standard).
    """
    essence, *rest = _split(value)
    parameters: dict[str, str] = {}
    for part in rest:
        name, equals, text = part.partition("=")
        if equals:
            parameters.setdefault(name.strip(" \t").lower(), _unquoted(text.strip(" \t")))
    return essence.strip(" \t").lower(), parameters


def _split(value: str) -> list[str]:
    """The parts between the semicolons that stand in no quoted string."""
    parts, start, quoted, index = [], 0, False, 0
    while index < len(value):
        character = value[index]
        if character == "\\" and quoted:
            index += 1
        elif character == '"':
            quoted = not quoted
        elif character == ";" and not quoted:
            parts.append(value[start:index])
            start = index + 1
        index += 1
    return [*parts, value[start:]]


def _unquoted(text: str) -> str:
    """The text of a quoted string (RFC 9110, 5.6.4), or of a token."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    characters = iter(text[1:-1])
    return "".join([next(characters, "") if character == "\\" else character for character in characters])


def decode_text(data: bytes, content_type: str | None) -> str:
    """The text of a body, in the charset of its content type, else UTF-8.

    Bytes that are wrong there become U+FFFD, and a byte order mark is dropped, as in the Fetch standard.
    Raises UnsupportedMediaType for a charset that is not known.
    """
    label = parse_media_type(content_type or "")[1].get("charset", "utf-8")
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        name = ""
    if name not in _CHARSETS:
        raise UnsupportedMediaType(f"The charset {label!r} is not known")
    return data.decode(name, "replace").removeprefix("\ufeff")


def encode_text(text: str) -> bytes:
    """The text in UTF-8, lone surrogates as U+FFFD: what the Fetch standard sends of a string."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def json_text(data: object) -> str:
    """The data as compact JSON, characters outside ASCII as they are.

    Raises TypeError for what JSON has no form for, ValueError for NaN and the infinities.
    """
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def parse_json(data: str | bytes, what: str) -> Any:
    """The value of JSON in UTF-8 (RFC 8259). Raises BadRequest, which names `what`, when it is none."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise BadRequest(f"{what} is not valid JSON: it is nested too deeply") from None
    except ValueError as error:
        raise BadRequest(f"{what} is not valid JSON: {error}") from error


def _finite(number: str) -> float:
    """A number as a float. JSON knows no infinity, and what is read as one could not be written again."""
    value = float(number)
    return value if isfinite(value) else _refuse(number)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
