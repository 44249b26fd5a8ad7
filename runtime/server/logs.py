"""Where a server's process writes its logs: what happens to the error stream, one line a request to the output."""

import logging
import sys

from pyastro.runtime.server.access_log import log as access


def set_up_logs(access_log: bool) -> None:
    """Lets everything of level INFO be logged; what the program has set up already stays."""
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    access.propagate = False
    if access_log and not access.handlers:
        handler = _Lines(sys.stdout)
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        access.addHandler(handler)


class _Lines(logging.StreamHandler):  # type: ignore[type-arg]  # only type checkers know it as generic
    """Writes lines as long as somebody reads them: a closed pipe ends the log, not the server."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Stops where the reader has gone."""
        if isinstance(sys.exc_info()[1], BrokenPipeError):
            access.removeHandler(self)
        else:
            super().handleError(record)
