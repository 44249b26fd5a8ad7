"""A pack for AWS Lambda on this machine: the archive under Lambda's own runtime, behind what gives it an address.

Lambda's runtime asks a server for what there is to do, its *runtime API* (docs.aws.amazon.com/lambda, "Using the Lambda
runtime API"). Here that server makes events of HTTP requests as a function URL does.
"""

import itertools
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from pyastro.adapters.adapter import PreviewUnavailable
from pyastro.adapters.awslambda import ARCHIVE, HANDLER
from pyastro.adapters.front import Answered, Asked, QuietHandler, QuietServer, serve_front
from pyastro.adapters.programs import end_process

VERSION = "/2018-06-01/runtime"
TIMEOUT = 30.0
"""Seconds that the function has for one request, as in the template."""
_START_SECONDS = 60.0
_TEXT = (
    "text/",
    "application/json",
    "application/javascript",
    "application/xml",
    "application/x-www-form-urlencoded",
)


def preview(folder: Path, host: str, port: int, on_listening: Callable[[str], None]) -> int:
    """Serve a pack until a signal comes. Raises PreviewUnavailable where the runtime is missing, or the site fails."""
    with running_function(folder / ARCHIVE) as function:
        return serve_front(lambda asked: result_of(function.call(url_event(asked))), host, port, on_listening)


@dataclass
class Function:
    """A function that runs: it does one call after the other."""

    calls: "queue.SimpleQueue[_Call | None]" = field(default_factory=queue.SimpleQueue)
    pending: "dict[str, _Call]" = field(default_factory=dict)
    is_ready: threading.Event = field(default_factory=threading.Event)
    failure: str = ""
    """Why it did not start."""
    numbers: Iterator[int] = field(default_factory=itertools.count)
    seconds: float = 0.0
    """How long it took to start."""

    def call(self, event: dict[str, Any]) -> dict[str, Any]:
        """What the handler gives for an event. Raises OSError where it raises, or gives nothing in time."""
        call = _Call(f"preview-{next(self.numbers)}", json.dumps(event).encode())
        self.pending[call.id] = call
        self.calls.put(call)
        if not call.is_done.wait(TIMEOUT + 1):
            raise OSError("The function did not answer in time")
        if call.error is not None:
            raise OSError(f"The function failed: {call.error}")
        result: dict[str, Any] = json.loads(call.result)
        return result


@dataclass
class _Call:
    id: str
    event: bytes
    is_done: threading.Event = field(default_factory=threading.Event)
    result: bytes = b""
    error: str | None = None


@contextmanager
def running_function(archive: Path) -> Iterator[Function]:
    """The function of an archive, unpacked as Lambda does, under Lambda's runtime. Raises PreviewUnavailable."""
    if find_spec("awslambdaric") is None:
        raise PreviewUnavailable(
            "Lambda's runtime is not installed.", "It runs on Linux: `pip install awslambdaric`."
        )
    function = Function()
    api = QuietServer(("127.0.0.1", 0), _runtime_api(function))
    threading.Thread(target=api.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    with tempfile.TemporaryDirectory() as root:
        with ZipFile(archive) as opened:
            opened.extractall(root)
        start = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", HANDLER], cwd=root, env=_environment(root, api.server_port)
        )
        try:
            _wait_until_ready(function, process)
            function.seconds = time.monotonic() - start
            yield function
        finally:
            end_process(process)
            function.calls.put(None)
            api.shutdown()
            api.server_close()


def _environment(root: str, port: int) -> dict[str, str]:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {
        **os.environ,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{version}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_LAMBDA_FUNCTION_NAME": "site",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
        "LAMBDA_TASK_ROOT": root,
        "PYTHONPATH": root,
        "PYTHONDONTWRITEBYTECODE": "1",
        "_HANDLER": HANDLER,
    }


def _wait_until_ready(function: Function, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _START_SECONDS
    while not function.is_ready.wait(0.01):
        if function.failure or process.poll() is not None or time.monotonic() > end:
            why = function.failure or "it ended, or did not ask for work in time"
            raise PreviewUnavailable(f"The function did not start: {why}", "Its log is above.")


def _runtime_api(function: Function) -> type[BaseHTTPRequestHandler]:
    class RuntimeAPI(QuietHandler):
        """What the runtime asks."""

        def do_GET(self) -> None:  # noqa: N802
            """Hands out the next call, when there is one."""
            function.is_ready.set()
            call = function.calls.get()
            if call is None:
                self._send(503, b"", ())
                return
            deadline = int((time.time() + TIMEOUT) * 1000)
            fields = (
                ("Lambda-Runtime-Aws-Request-Id", call.id),
                ("Lambda-Runtime-Deadline-Ms", str(deadline)),
                ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:local:000000000000:function:site"),
                ("Content-Type", "application/json"),
            )
            self._send(200, call.event, fields)

        def do_POST(self) -> None:  # noqa: N802
            """Takes a result, or a failure."""
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            *_, name, kind = self.path.split("/")
            if self.path == f"{VERSION}/init/error":
                function.failure = _message(body)
            elif (call := function.pending.pop(name, None)) is not None:
                if kind == "response":
                    call.result = body
                else:
                    call.error = _message(body)
                call.is_done.set()
            self._send(202, b"", ())

        def _send(self, status: int, body: bytes, fields: tuple[tuple[str, str], ...]) -> None:
            self.send_response_only(status)
            for name, value in (*fields, ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return RuntimeAPI


def _message(body: bytes) -> str:
    """What a failure says of itself."""
    try:
        told = json.loads(body)
        return f"{told['errorType']}: {told['errorMessage']}"
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", "replace")


def url_event(asked: Asked) -> dict[str, Any]:
    """The event that a function URL makes of a request (payload format 2.0)."""
    headers: dict[str, str] = {}
    for name, value in asked.fields:
        name = name.lower()
        if name != "cookie":
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    headers.update({"x-forwarded-proto": "http", "x-forwarded-for": asked.client})
    cookies = [each.strip() for each in asked.field("cookie").split(";") if each.strip()]
    is_text = headers.get("content-type", "").startswith(_TEXT)
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": asked.path,
        "rawQueryString": asked.target.partition("?")[2],
        **({"cookies": cookies} if cookies else {}),
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "domainName": "site.lambda-url.local.on.aws",
            "http": {
                "method": asked.method,
                "path": asked.path,
                "protocol": "HTTP/1.1",
                "sourceIp": asked.client,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": "preview",
            "routeKey": "$default",
            "stage": "$default",
        },
        **(
            {"body": asked.body.decode() if is_text else b64encode(asked.body).decode()} if asked.body else {}
        ),
        "isBase64Encoded": bool(asked.body) and not is_text,
    }


def result_of(result: dict[str, Any]) -> Answered:
    """The response that a function URL makes of a result of payload format 2.0."""
    body = result.get("body") or ""
    headers = {"content-type": "application/json", **result.get("headers", {})}
    fields = [*headers.items(), *(("set-cookie", cookie) for cookie in result.get("cookies", ()))]
    data = b64decode(body) if result.get("isBase64Encoded") else body.encode()
    return Answered(int(result["statusCode"]), fields, data)
