"""How much of a request is read."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for a request's body; what goes beyond one is a ContentTooLarge (413). Sizes are in bytes."""

    body: int = 32 * 1024 * 1024
    """The whole body."""
    fields: int = 1000
    """The fields of a form, files included."""
    field_size: int = 1024 * 1024
    """The text of one field."""
    name_size: int = 4096
    """A line of a part's headers, and so the names of fields and files."""
    memory: int = 512 * 1024
    """What one uploaded file keeps in memory; a larger one is written to a temporary file."""


DEFAULT_LIMITS = Limits()
