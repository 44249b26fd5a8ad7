"""The headings of a text, as a layout gets them."""

from typing import NamedTuple

__all__ = ["Heading"]


class Heading(NamedTuple):
    """One heading: how deep it is, from 1, the id by which a link finds it, and its text."""

    depth: int
    slug: str
    text: str
