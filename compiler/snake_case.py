"""Names of components, slots and files as Python spells them."""

import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OTHER = re.compile(r"[^a-z0-9]+")


def snake_case(text: str) -> str:
    """A text as a part of a Python name: `ui.NewBadge` and `new-badge` become `ui_new_badge` and `new_badge`."""
    return _OTHER.sub("_", _HUMP.sub("_", text).lower()).strip("_")
