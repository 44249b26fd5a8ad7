"""When a page fails: which exceptions are answered, what is logged, and what the visitor sees."""

import logging
import sys
from collections.abc import Awaitable, Callable

from pyastro.runtime.error_pages import (
    json_error,
    plain_page,
    plain_text,
    unavailable_page,
    wanted_form,
)
from pyastro.runtime.errors import RequestError, ServiceUnavailable
from pyastro.runtime.hints import add_hint
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response
from pyastro.runtime.secret import mask
from pyastro.runtime.tracebacks import rewrite

FailurePage = Callable[[BaseException], Awaitable[Response]]

log = logging.getLogger("pyastro")


def _mask_secrets(record: logging.LogRecord) -> bool:
    """A log that is read by many, or sent elsewhere, is no place for the site's secrets."""
    message = record.getMessage()
    if (masked := mask(message)) != message:
        record.msg, record.args = masked, None
    if record.exc_info:
        record.exc_text = mask(logging.Formatter().formatException(record.exc_info))
    return True


for _name in (
    "pyastro",
    "pyastro.server",
    "pyastro.asgi",
    "pyastro.awslambda",
    "pyastro.javascript",
):  # a logger's filter does not see what others log
    logging.getLogger(_name).addFilter(_mask_secrets)


def is_failure(error: BaseException) -> bool:
    """Whether the site answers for an exception: for all that code raises, `SystemExit` and `KeyboardInterrupt` too.

    What has to pass is the end of a generator, and the cancellation of the request itself. A page that awaits
    something that was cancelled raises CancelledError as well, while nobody asked the request to end: a failure.
    """
    if isinstance(error, Exception | SystemExit | KeyboardInterrupt):
        return True
    asyncio = sys.modules.get("asyncio")  # not imported by the core; without it nothing can be cancelled
    if isinstance(error, GeneratorExit) or asyncio is None:
        return False
    if not isinstance(error, asyncio.CancelledError):
        return True
    task = asyncio.current_task()
    return task is not None and task.cancelling() == 0


async def failure_response(
    error: BaseException, request: Request, *, development: bool, page: FailurePage | None = None
) -> Response:
    """The answer to a request that failed.

    What the client did wrong (RequestError) is answered with its status, and 503 where something that the site needs is
    down (ServiceUnavailable), with a line in the log. Everything else is logged, with a traceback of
    the author's own lines and a number by which a visitor may report it; the answer is the development page, the site's
    own page (`page`), or, where that fails as well, a plain one that tells nothing. Who asked for JSON gets JSON.
    """
    rewrite(error)
    if isinstance(error, RequestError):
        _log(logging.INFO, error, request)
        return plain_text(error.status, str(error) if development else "")
    if isinstance(error, ServiceUnavailable):
        _log(logging.ERROR, error, request)
        return _without_secrets(unavailable_page(str(error) if development else ""))
    add_hint(error)
    number = _report(error, request)
    if development:
        from pyastro.runtime.debug_page import debug_page  # only here: no visitor of a site sees it

        return _without_secrets(debug_page(error, request))
    if wanted_form(request.headers.get("accept", "")) == "json":
        return json_error(500, number)
    if page is not None:
        try:
            return await page(error)
        except BaseException as second:
            if not is_failure(second):
                raise
            _report(rewrite(second), request)
    return plain_page(500, f"Request {number}")


def _without_secrets(response: Response) -> Response:
    """The development page as it may be shown to whoever looks over the shoulder."""
    if isinstance(response.body, bytes):
        response.body = mask(response.body.decode()).encode()
    elif isinstance(response.body, str):
        response.body = mask(response.body)
    return response


def _log(level: int, error: BaseException, request: Request) -> None:
    """Logs in one line what is nobody's mistake here."""
    log.log(
        level,
        "%s %s: %s (request %s)",
        request.method,
        request.url.path,
        error,
        request.id,
        extra={"request_id": request.id},
    )


def _report(error: BaseException, request: Request) -> str:
    """Logs a failure, and gives the request's number in the log."""
    log.error(
        "%s %s failed (request %s)",
        request.method,
        request.url.path,
        request.id,
        exc_info=error,
        extra={"request_id": request.id},
    )
    return request.id
