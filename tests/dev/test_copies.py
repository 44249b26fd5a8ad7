"""The server as a copy of the process that was started: which ends with it, and as it would."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError

import pytest

from pyastro.dev.copies import can_be_copied
from tests.dev.servers import DevServer, dev_server, write_site

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there the server is a copy")

SITE = {
    "pages/index.astro": "---\nimport os\n---\n<p>{os.getpid()} {os.getppid()} {os.environ.get('WHO')}</p>\n",
    ".env": "WHO=first\n",
}


def processes(server: DevServer) -> tuple[int, int]:
    """The process that answers, and its parent."""
    text = server.get("/")[1].partition("<p>")[2]
    return int(text.split()[0]), int(text.split()[1])


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_gone(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


def test_another_copy_takes_its_place(tmp_path: Path) -> None:
    with dev_server(write_site(tmp_path, SITE)) as server:
        server.shows("/", " first</p>")
        first, parent = processes(server)
        assert parent == server.process.pid
        (tmp_path / ".env").write_text("WHO=second\n")
        server.hears("started anew")
        server.shows("/", " second</p>")
        second, parent = processes(server)
        assert parent == server.process.pid
        assert second != first
        assert server.close() == 0
        assert is_gone(first)
        assert is_gone(second)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_the_first_process_has_ends_both(number: signal.Signals, tmp_path: Path) -> None:
    with dev_server(write_site(tmp_path, SITE)) as server:
        copy, _ = processes(server)
        server.process.send_signal(number)
        assert server.process.wait(10) == 0
        assert is_gone(copy)
        assert server.close() == 0
        assert "Traceback" not in "".join(server.said)


def test_a_copy_does_not_outlive_the_first_process(tmp_path: Path) -> None:
    with dev_server(write_site(tmp_path, SITE)) as server:
        copy, _ = processes(server)
        server.process.kill()
        server.process.wait(10)
        wait_until(lambda: is_gone(copy))
        with pytest.raises((URLError, ConnectionError)):
            server.get("/")
        server.close()


def test_a_copy_that_is_killed_ends_the_first_process(tmp_path: Path) -> None:
    with dev_server(write_site(tmp_path, SITE)) as server:
        copy, _ = processes(server)
        os.kill(copy, signal.SIGKILL)
        assert server.process.wait(10) == 128 + signal.SIGKILL
        server.close()


COUNTING = """
import os, sys
from pyastro.dev.copies import AGAIN, in_copies

parent = os.getpid()

def serve(number):
    print(number, os.getppid() == parent)
    return AGAIN if number < 2 else 3

sys.exit(in_copies(serve))
"""


def test_the_last_status_counts() -> None:
    done = subprocess.run([sys.executable, "-c", COUNTING], capture_output=True, text=True, timeout=30)
    assert done.returncode == 3
    assert done.stdout == "0 True\n1 True\n2 True\n"


def test_who_is_traced_is_not_copied() -> None:
    before = sys.gettrace()
    try:
        sys.settrace(lambda *_: None)
        assert not can_be_copied()
    finally:
        sys.settrace(before)
