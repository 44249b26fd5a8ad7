"""Archives that are the same, byte for byte, for the same files."""

import io
import zipfile
from collections.abc import Iterable

_FIRST_DATE = (1980, 1, 1, 0, 0, 0)
_PERMISSIONS = 0o100644 << 16


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP archive of files, each with its path. Everybody may read them; none has a date of its own."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, data in files:
            info = zipfile.ZipInfo(path, _FIRST_DATE)
            info.external_attr = _PERMISSIONS
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return target.getvalue()
