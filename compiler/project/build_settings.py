"""`build`: how the pages that are rendered ahead become files."""

from collections.abc import Mapping
from typing import Any

from pyastro.compiler.project.setting_tables import Reader, boolean, one_of, read_table


def read_build(value: object) -> dict[str, Any]:
    """The settings of the table."""
    return read_table(value, BUILD_READERS, 'a table such as {format = "file"}')


BUILD_READERS: Mapping[str, Reader] = {
    "format": one_of("directory", "file", "preserve"),
    "minify": boolean,
}
