"""`breakpoint()` in frontmatter, under `pyastro dev` in a terminal."""

import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.dev.servers import write_site

pty = pytest.importorskip("pty")

PAGE = "---\nnumber = 41\nbreakpoint()\nnext_one = number + 1\n---\n<p>{next_one}</p>\n"
SECONDS = 40


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, *arguments: str, folder: Path) -> None:
        self._master, slave = pty.openpty()
        self._said = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pyastro.cli", *arguments],
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1", "PYTHON_COLORS": "0", "TERM": "dumb"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def types(self, text: str) -> None:
        os.write(self._master, text.encode() + b"\n")

    def shows(self, text: str) -> str:
        """Wait for a text; all that was said until its end."""
        end = time.monotonic() + SECONDS
        while text.encode() not in self._said:
            ready, _, _ = select.select([self._master], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"no {text!r} in {self._said.decode()!r}"
            self._said += os.read(self._master, 4096)
        shown, _, self._said = self._said.partition(text.encode())
        return shown.decode() + text

    def close(self) -> int:
        self.process.terminate()
        status = self.process.wait(SECONDS)
        os.close(self._master)
        return status


def test_it_stops_at_the_authors_line_and_the_page_goes_on(tmp_path: Path) -> None:
    root = write_site(tmp_path, {"pages/index.astro": PAGE})
    terminal = Terminal("dev", "pages", "--port", "0", folder=root)
    address = terminal.shows("Ctrl+C").partition("http://")[2].split()[0]
    found: list[bytes] = []
    visitor = threading.Thread(
        target=lambda: found.append(urlopen(f"http://{address}", timeout=SECONDS).read())
    )
    visitor.start()
    assert "pages/index.astro(4)" in terminal.shows("(Pdb)")
    terminal.types("p number + 1000")
    assert "1041" in terminal.shows("(Pdb)")
    (root / "pages/other.astro").write_text("<p>other</p>")  # an edit does not end what is debugged
    time.sleep(2.5)
    terminal.types("number = 1")
    terminal.shows("(Pdb)")
    terminal.types("continue")
    visitor.join(SECONDS)
    assert found and b"<p>2</p>" in found[0]
    assert terminal.close() == 0
