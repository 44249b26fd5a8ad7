"""Servers as processes of their own, each on a free port of this machine, with the site of this folder."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

from pyastro.compiler.project import compile_project

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples" / "hosts"
LARGE = bytes(range(256)) * 4000
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Host:
    """A way to serve the site: a command as the documentation has it, the options that tell it its port, and the rest."""

    name: str
    command: str
    port: str
    packages: tuple[str, ...] = ()
    root: str = ""
    """Below which path the site is mounted."""
    more: str = ""
    """Options that only the test needs."""
    environment: dict[str, str] = field(default_factory=dict)
    oldest: tuple[int, int] = (3, 11)
    """The oldest Python that its packages run on."""

    @property
    def arguments(self) -> list[str]:
        program, *arguments = self.command.split()
        return [sys.executable, "-m", "pyastro.cli" if program == "pyastro" else program, *arguments]


UVICORN = "--port {port}"
HOSTS = [
    Host("aiohttp", "pyastro serve build", "--port {port}", ("aiohttp",)),
    Host("uvicorn", "uvicorn pyastro.asgi:app", UVICORN, ("uvicorn", "httptools"), more="--http httptools"),
    Host("uvicorn-h11", "uvicorn alone:app", UVICORN, ("uvicorn", "h11"), more="--http h11"),
    Host("hypercorn", "hypercorn alone:app", "--bind 127.0.0.1:{port}", ("hypercorn",)),
    Host("granian", "granian --interface asgi alone:app", "--port {port}", ("granian",)),
    Host(
        "gunicorn",
        "gunicorn -k uvicorn_worker.UvicornWorker alone:app",
        "--bind 127.0.0.1:{port}",
        ("gunicorn", "uvicorn_worker"),
    ),
    Host("fastapi", "uvicorn with_fastapi:app", UVICORN, ("uvicorn", "fastapi"), "/site"),
    Host("starlette", "uvicorn with_starlette:app", UVICORN, ("uvicorn", "starlette"), "/site"),
    Host("django", "uvicorn with_django:app", UVICORN, ("uvicorn", "django"), "/site"),
]
FLASK = Host("flask", "flask --app with_flask run", "--port {port}", ("flask", "asgiref"))


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    host: Host
    port: int
    folder: Path
    process: "subprocess.Popen[bytes]"

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log(self) -> str:
        """What the server has written so far."""
        return (self.folder / "log").read_text("utf-8", "replace")


def require(host: Host) -> None:
    """Skips the test where a package is missing; where `PYASTRO_REQUIRE_HOSTS` is set, fails.

    A host that needs a newer Python than this one is missed where `PYASTRO_REQUIRE_PARTS` is set alone.
    """
    missing = [name for name in host.packages if find_spec(name) is None]
    if sys.version_info < host.oldest:
        version = ".".join(map(str, host.oldest))
        _miss(f"{host.name} needs Python {version} or newer", "PYASTRO_REQUIRE_PARTS")
    elif missing:
        _miss(f"{host.name} needs {', '.join(missing)}: pip install -e '.[hosts]'", "PYASTRO_REQUIRE_HOSTS")


def _miss(message: str, variable: str) -> NoReturn:
    if os.environ.get(variable):
        pytest.fail(message)
    pytest.skip(message)


def build_site(folder: Path) -> None:
    """Writes what a server is started with: the programs of the examples beside a build of this folder's site."""
    shutil.copytree(HERE / "site", folder / "source")
    (folder / "source/public/large.bin").write_bytes(LARGE)
    report = compile_project(folder / "source/pages", folder / "build")
    assert not report.diagnostics
    for program in EXAMPLES.glob("*.py"):
        shutil.copy(program, folder)


@contextmanager
def running(host: Host, folder: Path) -> Iterator[Running]:
    """A server in a folder that `build_site` made. It has to end well when it is asked to."""
    server = _start(host, folder)
    try:
        yield server
        server.process.terminate()
        server.process.wait(20)
    finally:
        server.process.kill()
        server.process.wait()


def _start(host: Host, folder: Path) -> Running:
    """The server. Another process may take the port between its choice and its use: then another one is chosen."""
    for _ in range(3):
        port = _free_port()
        arguments = [*host.arguments, *host.port.format(port=port).split(), *host.more.split()]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                arguments,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(folder), **host.environment},
            )
        server = Running(host, port, folder, process)
        if _answers(server):
            return server
        process.kill()
        process.wait()
    pytest.fail(f"{host.name} does not start:\n{server.log()}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(server: Running) -> bool:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", server.port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False
