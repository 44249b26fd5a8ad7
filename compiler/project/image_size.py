"""The width and the height of an image, as the beginning of its file says."""

import re
from collections.abc import Callable, Iterator

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
        size = read(data) if read is not None else None
    except (IndexError, ValueError):
        return None
    if size is None or not all(size):
        return None
    return size[::-1] if _is_on_its_side(data, format) else size


def is_kept(data: bytes, format: str) -> bool:
    """Is this an image of which no smaller ones are made: a drawing that has every size, or one that moves?"""
    if format == "png":
        return any(name == b"acTL" for name, _ in _png_chunks(data))
    if format == "webp":
        return data[12:16] == b"VP8X" and bool(data[20] & 0x02)
    return format not in ("jpg", "jpeg")


def _png(data: bytes) -> Size | None:
    is_png = data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR"
    return (_big(data[16:20]), _big(data[20:24])) if is_png and len(data) >= 24 else None


def _gif(data: bytes) -> Size | None:
    is_gif = data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10
    return (_little(data[6:8]), _little(data[8:10])) if is_gif else None


def _jpeg(data: bytes) -> Size | None:
    """The size in the first frame header (ITU T.81, B.2.2)."""
    for marker, segment in _jpeg_segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and len(segment) >= 5:
            return _big(segment[3:5]), _big(segment[1:3])
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


# ---------------------------------------------------------------- how an image is to be turned


def _is_on_its_side(data: bytes, format: str) -> bool:
    """Does a camera say that an image is to be turned by 90 degrees? Browsers do (CSS Images 3, `image-orientation`)."""
    find = _EXIF.get(format)
    exif = find(data) if find is not None else b""
    return _orientation(exif.removeprefix(b"Exif\0\0")) in (5, 6, 7, 8)


def _orientation(tiff: bytes) -> int:
    """The tag `Orientation` of the first directory (Exif 2.32, 4.6.4)."""
    if tiff[:4] not in (b"II*\0", b"MM\0*"):
        return 1
    read = _little if tiff.startswith(b"II") else _big
    at = read(tiff[4:8])
    for entry in range(at + 2, at + 2 + 12 * read(tiff[at : at + 2]), 12):
        if len(tiff) < entry + 12:
            return 1
        if read(tiff[entry : entry + 2]) == 0x0112:
            return read(tiff[entry + 8 : entry + 10])
    return 1


def _jpeg_exif(data: bytes) -> bytes:
    """The Exif data in a segment `APP1` before the image."""
    for marker, segment in _jpeg_segments(data):
        if marker == 0xE1 and segment.startswith(b"Exif\0\0"):
            return segment
    return b""


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The marker and the contents of each segment before the first scan (ITU T.81, B.1.1.4)."""
    at = 2
    while data.startswith(b"\xff\xd8") and at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            return
        length = _big(data[at + 2 : at + 4])
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name and the contents of each chunk (PNG, 5.3)."""
    at = 8
    while data.startswith(b"\x89PNG\r\n\x1a\n") and at + 8 <= len(data):
        length, name = _big(data[at : at + 4]), data[at + 4 : at + 8]
        yield name, data[at + 8 : at + 8 + length]
        at += 12 + length


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name and the contents of each chunk (RFC 9649, 2.3)."""
    at = 12
    while at + 8 <= len(data):
        length = _little(data[at + 4 : at + 8])
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


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
_EXIF: dict[str, Callable[[bytes], bytes]] = {
    "jpg": _jpeg_exif,
    "jpeg": _jpeg_exif,
    "png": lambda data: dict(_png_chunks(data)).get(b"eXIf", b""),
    "webp": lambda data: dict(_webp_chunks(data)).get(b"EXIF", b""),
}
