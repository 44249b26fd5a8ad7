"""Which content coding a client wants: `Accept-Encoding` (RFC 9110, 12.5.3)."""

from collections.abc import Sequence

from pyastro.runtime.patterns import pattern

_CODING = r"(?a)[ \t]*([\w!#$%&'*+.^`|~-]+)[ \t]*(?:;[ \t]*[qQ]=([01](?:\.[0-9]{0,3})?)[ \t]*)?"
_MOST = 20  # no client sends as many
_UNNAMED = 0.0001


def preferred_coding(header: str | None, offered: Sequence[str]) -> str | None:
    """The coding of those offered that a client likes best, the first of several; None for the bytes as they are.

    They are what a client without the header gets, and one that says that it prefers them to every coding, or that it
    accepts none.
    """
    if not header or not offered:
        return None
    qualities = _qualities(header)
    others = qualities.get("*", 0.0)
    best = max(offered, key=lambda coding: qualities.get(coding, others))
    quality = qualities.get(best, others)
    return best if quality > 0 and quality >= qualities.get("identity", _UNNAMED) else None


def _qualities(header: str) -> dict[str, float]:
    """The quality of each coding that is named; what is malformed is left out."""
    found = [pattern(_CODING).fullmatch(part) for part in header.lower().split(",", _MOST)[:_MOST]]
    return {each[1].removeprefix("x-"): min(float(each[2] or 1), 1.0) for each in found if each}
