"""Regular expressions of the core, compiled when they are first needed: importing a page would take a tenth longer else."""

import re
from functools import cache

__all__ = ["pattern"]


@cache
def pattern(text: str) -> re.Pattern[str]:
    """The compiled pattern. Unlike the cache of `re`, this one keeps it, however many patterns a program has."""
    return re.compile(text)
