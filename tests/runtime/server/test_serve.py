import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pyastro.runtime.manifest import ManifestError
from pyastro.runtime.server import Settings, serve
from pyastro.runtime.server.running import run_through
from pyastro.runtime.server.sockets import authority, close, listen
from tests.runtime.site_builds import html, page, write_build

SERVE = """
import sys
from pyastro.runtime.server import serve
def say(url):
    print(url, flush=True)
sys.exit(serve(sys.argv[1], host="127.0.0.1", port=0, workers=int(sys.argv[2]), on_listening=say))
"""


@contextmanager
def serving(build: Path, workers: int) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server in a process of its own, and its port; it has to end well when it is asked to."""
    command = [sys.executable, "-c", SERVE, str(build), str(workers)]
    process = subprocess.Popen(
        command, cwd=build, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), url
        yield process, int(url.rstrip("/").rpartition(":")[2])
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def get(port: int, path: str = "/") -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_one_process(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "beside.py").write_text("name = 'found'")
    exits = "import asyncio\nasync def end():\n    raise SystemExit\nasyncio.create_task(end())\nawait asyncio.sleep(0.05)\nreturn Markup('on')"
    modules = {
        "/": page("import beside\nreturn Markup(beside.name)"),
        "/exits": page(exits),
        "/exit": page("raise SystemExit"),
    }
    build = write_build(tmp_path / "build", modules)
    with serving(build, 1) as (_, port):
        assert get(port) == b"found"
        assert b"500" in get(port, "/exit")
        assert get(port, "/exits") == b"on"
        assert get(port) == b"found"


def test_workers(tmp_path: Path) -> None:
    build = write_build(tmp_path / "build", {"/": page("import os\nreturn Markup(str(os.getpid()))")})
    with serving(build, 2) as (process, port):
        pids = {get(port) for _ in range(60)}
        assert 1 <= len(pids) <= 2
        assert str(process.pid).encode() not in pids
        os.kill(int(get(port)), signal.SIGKILL)
        end = time.monotonic() + 20
        while (after := _try(port)) in pids and time.monotonic() < end:
            time.sleep(0.05)
        assert after
        assert int(after)


def _try(port: int) -> bytes:
    try:
        return get(port)
    except OSError:
        return b""


def test_workers_end_with_their_supervisor(tmp_path: Path) -> None:
    build = write_build(tmp_path / "build", {"/": page("import os\nreturn Markup(str(os.getpid()))")})
    # The server that was killed does not end well, which `serving` complains about.
    with pytest.raises(AssertionError, match="-9"), serving(build, 2) as (process, port):  # noqa: PT012
        worker = int(get(port))
        process.kill()
        process.wait()
        end = time.monotonic() + 15
        while _is_alive(worker) and time.monotonic() < end:
            time.sleep(0.05)
    assert not _is_alive(worker)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_module_that_is_broken_ends_the_start(tmp_path: Path, workers: int) -> None:
    build = write_build(tmp_path / "build", {"/": "raise ValueError('broken here')"})
    command = [sys.executable, "-c", SERVE, str(build), str(workers)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\nValueError: broken here") == 1


def test_errors_of_the_start(tmp_path: Path) -> None:
    with pytest.raises(ManifestError):
        serve(tmp_path)
    build = write_build(tmp_path / "build", {"/": html("x")})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            OSError, match=f"Cannot listen on 127.0.0.1 port {port}: Address already in use"
        ) as error:
            serve(build, host="127.0.0.1", port=port)
        assert error.value.errno == errno.EADDRINUSE
    with pytest.raises(OSError, match=r"no-such-host\.invalid is no address of this machine"):
        serve(build, host="no-such-host.invalid")
    with pytest.raises(TypeError):
        Settings(nonsense=1)  # type: ignore[call-arg]  # what is tested


def test_sockets() -> None:
    for host, shown in (("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("0.0.0.0", "localhost")):
        sockets = listen(host, 0)
        assert authority(sockets, host) == f"{shown}:{sockets[0].getsockname()[1]}"
        assert len({opened.getsockname()[1] for opened in sockets}) == 1
        close(sockets)


def test_an_exit_of_the_main_coroutine_passes() -> None:
    async def main() -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        run_through(main())
