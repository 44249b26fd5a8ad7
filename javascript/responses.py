"""A response of the site's as a `Response` of JavaScript's."""

import logging
from typing import Any

from pyastro.runtime.javascript import readable_stream, to_object
from pyastro.runtime.outgoing import known_body, outgoing_fields
from pyastro.runtime.response import Response
from pyastro.runtime.tracebacks import rewrite

log = logging.getLogger("pyastro.javascript")

_WITHOUT_BODY = (204, 205, 304)


def to_response(response: Response, name: str) -> Any:
    """The `Response` to a request, which the log calls `name`."""
    from js import Response as JsResponse
    from pyodide.ffi import to_js

    data = known_body(response)
    if data is not None and response.status not in _WITHOUT_BODY:
        response.headers["content-length"] = str(len(data))
    init = to_object({"status": response.status, "headers": _headers(response)})
    body = _stream(response, name) if data is None and response.body is not None else to_js(data)
    return JsResponse.new(body, init)


def _headers(response: Response) -> Any:
    from js import Headers

    headers = Headers.new()
    for name, value in outgoing_fields(response.headers):
        headers.append(name, value)
    return headers


def _stream(response: Response, name: str) -> Any:
    """A `ReadableStream` of the pieces of a body. What breaks it is logged."""

    def broken(error: BaseException) -> None:
        log.error("The response to request %s broke while it was sent", name, exc_info=rewrite(error))

    return readable_stream(response.stream(), broken)
