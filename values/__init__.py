"""Dataclasses of which the methods are made when they are first used; type checkers see those of the standard library.

Python writes and compiles the methods of each dataclass while its module is imported: half of what a short command
would take. A run uses few of them.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    from pyastro.values.dataclass import dataclass, field, replace

__all__ = ["dataclass", "field", "replace"]
