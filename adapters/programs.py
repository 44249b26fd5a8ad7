"""The programs of hosts, which `pyastro preview` runs."""

import math
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from pyastro.adapters.adapter import PreviewUnavailable
from pyastro.runtime.hosts import listening_authority

_STOP_SECONDS = 10.0


def find_program(name: str, folder: Path, hint: str) -> str:
    """The path of a program: of the system's, or of those that npm has installed for the folder or one above it.

    Raises PreviewUnavailable, with a hint on how to install it.
    """
    local = [str(each / "node_modules/.bin") for each in (folder, *folder.parents)]
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(local))
    if found is None:
        raise PreviewUnavailable(f"{name} is not installed.", hint)
    return found


def find_package(name: str, folder: Path) -> Path:
    """The folder of a package that npm has installed here, for a folder, or above either.

    Raises PreviewUnavailable where it is missing.
    """
    here = Path.cwd()
    places = (each / "node_modules" / name for each in (here, *here.parents, folder, *folder.parents))
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        raise PreviewUnavailable(
            f"The npm package {name} is not installed.", f"Install it: `npm install {name}`."
        )
    return found


def run_program(
    arguments: Sequence[str],
    folder: Path,
    host: str,
    port: int,
    on_listening: Callable[[str], None],
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run a server until a signal comes, or it ends, and give its exit status.

    `{host}` and `{port}` in its arguments stand for where it is to listen. Raises OSError where it cannot listen there.
    """
    chosen = free_port(host, port)
    words = [word.format(host=host, port=chosen) for word in arguments]
    process = subprocess.Popen(words, cwd=folder, env={**os.environ, **(environment or {})})
    has_stopped = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal has_stopped
        has_stopped = True
        process.terminate()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        if answers(process, host, chosen):
            on_listening(f"http://{listening_authority(host, chosen)}/")
        status = process.wait()
        return 0 if has_stopped else status
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        end_process(process)


def free_port(host: str = "127.0.0.1", port: int = 0) -> int:
    """The port, or any that is free for 0."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as probe:
        return int(probe.getsockname()[1])


def answers(process: "subprocess.Popen[bytes]", host: str, port: int, seconds: float = math.inf) -> bool:
    """Waits until the server takes connections; False where it ends before, or so many seconds have passed."""
    place = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection((place, port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def end_process(process: "subprocess.Popen[bytes]") -> None:
    """Ends the server where it did not end by itself."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
