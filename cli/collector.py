"""Python's collector of garbage, for commands that end soon."""

import gc

_ALLOCATIONS = 50_000


def collect_rarely() -> None:
    """Have this process look for garbage in cycles after many more objects than the few hundred that are usual.

    Nothing is garbage of what a command loads, and looking through it takes a tenth of its time. A server would grow by it.
    """
    gc.set_threshold(_ALLOCATIONS)
