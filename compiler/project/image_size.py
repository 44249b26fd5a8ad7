"""The width and the height of an image, as the beginning of its file says."""

import re
from collections.abc import Callable

Size = tuple[int, int]

_SVG = re.compile(rb"<svg\b[^>]*>", re.IGNORECASE)
_LENGTH = re.compile(rb"""\s(width|height)\s*=\s*["']\s*(\d+(?:\.\d+)?)(?:px)?\s*["']""")
_BOX = re.compile(
    rb"""\sviewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+(\d+(?:\.\d+)?)[\s,]+(\d+(?:\.\d+)?)"""
)


def image_size(data: bytes, format: str) -> Size | None:
    """Width and height in pixels; None where the format is not known, or the file is not of it."""
    read = _READERS.get(format)
    try:
        return read(data) if read is not None else None
    except IndexError:
        return None


def _png(data: bytes) -> Size | None:
    is_png = data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR"
    return (_big(data[16:20]), _big(data[20:24])) if is_png and len(data) >= 24 else None


def _gif(data: bytes) -> Size | None:
    is_gif = data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10
    return (_little(data[6:8]), _little(data[8:10])) if is_gif else None


def _jpeg(data: bytes) -> Size | None:
    """The size in the first frame header (ITU T.81, B.2.2)."""
    at = 2
    while data.startswith(b"\xff\xd8") and at + 9 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return _big(data[at + 7 : at + 9]), _big(data[at + 5 : at + 7])
        at += 2 + _big(data[at + 2 : at + 4]) if marker != 0xFF else 1
    return None


def _webp(data: bytes) -> Size | None:
    """The size of a lossy, a lossless or an extended file (RFC 9649)."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    match data[12:16]:
        case b"VP8 ":
            return _little(data[26:28]) & 0x3FFF, _little(data[28:30]) & 0x3FFF
        case b"VP8L":
            bits = _little(data[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return _little(data[24:27]) + 1, _little(data[27:30]) + 1
    return None


def _svg(data: bytes) -> Size | None:
    """What `width` and `height` say, else the `viewBox`."""
    tag = _SVG.search(data)
    if tag is None:
        return None
    lengths = dict(_LENGTH.findall(tag.group()))
    if len(lengths) == 2:
        return round(float(lengths[b"width"])), round(float(lengths[b"height"]))
    box = _BOX.search(tag.group())
    return (round(float(box[1])), round(float(box[2]))) if box else None


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


_READERS: dict[str, Callable[[bytes], Size | None]] = {
    "gif": _gif,
    "jpg": _jpeg,
    "jpeg": _jpeg,
    "png": _png,
    "svg": _svg,
    "webp": _webp,
}
