"""ASGI's lifespan protocol."""

import traceback

from pyastro.asgi.protocol import Receive, Send
from pyastro.runtime.lifecycle import Lifecycle, StartFailed
from pyastro.runtime.startup_report import startup_report


async def follow(lifecycle: Lifecycle, receive: Receive, send: Send) -> None:
    """Starts and stops the site as the server says (ASGI's lifespan protocol)."""
    while (await receive())["type"] == "lifespan.startup":
        # What is raised here would only tell the server that the protocol is not spoken.
        try:
            await lifecycle.start()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": _report(error)})
            return
        await send({"type": "lifespan.startup.complete"})
    try:
        await lifecycle.stop()
    except Exception:
        await send({"type": "lifespan.shutdown.failed", "message": traceback.format_exc()})
        return
    await send({"type": "lifespan.shutdown.complete"})


def _report(error: Exception) -> str:
    """What the server shows of a start that failed."""
    return startup_report(error.__cause__ if isinstance(error, StartFailed) and error.__cause__ else error)
