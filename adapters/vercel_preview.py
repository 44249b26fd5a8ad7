"""A pack for Vercel on this machine: the function under Vercel's own runtime, and its network's files before it."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pyastro.adapters.adapter import PreviewUnavailable
from pyastro.adapters.front import Asked, PublicFolder, files_first, serve_front
from pyastro.adapters.host_rules import Rule
from pyastro.adapters.programs import end_process

_START_SECONDS = 60.0


def preview(folder: Path, host: str, port: int, on_listening: Callable[[str], None]) -> int:
    """Serve a pack until a signal comes. Raises PreviewUnavailable where the runtime is missing, or the site fails."""
    files = PublicFolder(folder / "public", _rules(folder / "vercel.json"))
    with running_function(folder) as function_port:
        return serve_front(files_first(files, function_port, network_fields), host, port, on_listening)


def network_fields(asked: Asked) -> Sequence[tuple[str, str]]:
    """What the network tells the function of a request."""
    return (
        ("x-forwarded-host", asked.field("host")),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-for", asked.client),
        ("x-vercel-internal-invocation-id", "preview"),
        ("x-vercel-internal-request-id", "1"),
    )


def _rules(file: Path) -> list[Rule]:
    """The headers for files. The patterns that the adapter writes are regular expressions as well."""
    return [
        (re.compile(rule["source"]), {each["key"]: each["value"] for each in rule["headers"]})
        for rule in json.loads(file.read_text("utf-8"))["headers"]
    ]


@contextmanager
def running_function(folder: Path) -> Iterator[int]:
    """The function as a process; the port at which it answers on this machine. Raises PreviewUnavailable.

    The runtime tells over a socket of its host's what it does: JSON objects, each ended by a NUL.
    """
    if find_spec("vercel_runtime") is None:
        raise PreviewUnavailable(
            "Vercel's runtime is not installed.",
            "It needs Python 3.12 or newer: `pip install vercel-runtime`.",
        )
    with tempfile.TemporaryDirectory() as place, socket.socket(socket.AF_UNIX) as listening:
        path = f"{place}/ipc.sock"
        listening.bind(path)
        listening.listen(1)
        process = subprocess.Popen(
            [sys.executable, "-m", "vercel_runtime.vc_init"], cwd=folder, env=_environment(folder, path)
        )
        try:
            listening.settimeout(_START_SECONDS)
            channel, _ = listening.accept()
            with channel:
                channel.settimeout(_START_SECONDS)
                messages = _messages(channel)
                found = _started(messages)
                yield found
        except TimeoutError:
            raise PreviewUnavailable("The function did not start in time.", "Its log is above.") from None
        finally:
            end_process(process)


def _environment(folder: Path, path: str) -> dict[str, str]:
    return {
        **os.environ,
        "VERCEL": "1",
        "VERCEL_IPC_PATH": path,
        "__VC_HANDLER_ENTRYPOINT": "app.py",
        "__VC_HANDLER_ENTRYPOINT_ABS": str(folder / "app.py"),
        "__VC_HANDLER_MODULE_NAME": "app",
        "__VC_HANDLER_VARIABLE_NAME": "app",
    }


def _started(messages: Iterator[dict[str, Any]]) -> int:
    for message in messages:
        if message["type"] == "server-started":
            return int(message["payload"]["httpPort"])
        if message["type"] == "unrecoverable-error":
            *_, told = message["payload"]["message"].strip().splitlines() or ["it did not say why"]
            raise PreviewUnavailable(f"The function did not start: {told}", "Its log is above.")
    raise PreviewUnavailable("The function ended before it started.", "Its log is above.")


def _messages(channel: socket.socket) -> Iterator[dict[str, Any]]:
    data = b""
    while piece := channel.recv(65536):
        *whole, data = (data + piece).split(b"\0")
        yield from map(json.loads, whole)
