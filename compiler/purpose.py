"""What compiled modules are for."""

from enum import Enum


class Purpose(Enum):
    """What compiled modules are for, and so how they are written."""

    RUNNING = "running"
    """Each component is a function of its own, where debuggers, coverage and tests find it."""
    DEVELOPING = "developing"
    """For a process that compiles after each edit, and shows the `.astro` files in the place of its modules, which nobody
    reads.
    """
    SERVING = "serving"
    """Small components are written where they are used: this is faster."""
    RENDERING = "rendering"
    """Like `SERVING`, for a site that becomes files alone: nobody reads its modules."""
    CHECKING = "checking"
    """For a type checker alone: all of the code, and none of the text that it would write."""

    @property
    def writes_out(self) -> bool:
        """Are small components written where they are used?"""
        return self in (Purpose.SERVING, Purpose.RENDERING)

    @property
    def lays_out(self) -> bool:
        """Are modules laid out as black does, for those who read them?"""
        return self in (Purpose.RUNNING, Purpose.SERVING)

    @property
    def always_waits(self) -> bool:
        """Is every component a coroutine? The output is the same, later."""
        return self is Purpose.DEVELOPING
