"""What an interpreter needs that goes on from a snapshot of its memory."""

import importlib
import os
import sys
from collections.abc import Iterable


def resume(environment: Iterable[tuple[str, str]]) -> None:
    """Give the interpreter what a snapshot cannot hold: this host's environment, files, and randomness.

    Without it, all that go on from one snapshot would draw the same numbers.
    """
    os.environ.clear()
    os.environ.update((name, value) for name, value in environment)
    importlib.invalidate_caches()
    if "random" in sys.modules:
        sys.modules["random"].seed()
