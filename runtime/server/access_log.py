"""One line for each request: client, method, path, status, bytes of the body, milliseconds, request id."""

import logging

from aiohttp import web

log = logging.getLogger("pyastro.access")


def log_access(
    message: web.BaseRequest,
    status: int,
    *,
    size: int,
    seconds: float,
    client: str | None = None,
    request_id: str = "-",
) -> None:
    """Logs a request that was answered, or cut off. The query is left out: it may hold what no log should."""
    client = "".join((client or message.remote or "-").split())
    path = message.raw_path.partition("?")[0].encode("ascii", "backslashreplace").decode()
    log.info(
        "%s %s %s %d %d %.1fms %s",
        client,
        message.method,
        path,
        status,
        size,
        seconds * 1000,
        request_id,
        extra={"request_id": request_id},
    )
