import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from pyastro.cli import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.astro").write_text("<h1>Hello</h1>\n")
    assert main(["compile", str(tmp_path / "pages"), "-o", str(tmp_path / "build")]) == 0
    return tmp_path / "build"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_build_is_served_until_a_signal_comes(build: Path, workers: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pyastro.cli", "serve", "build/", "--port", "0", "--workers", workers],
        cwd=build.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(r"Serving on (http://127\.0\.0\.1:\d+/?)\n", line)
        assert found, line
        with urllib.request.urlopen(found[1]) as response:
            assert b"<h1>Hello</h1>" in response.read()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode in (0, 130)
    assert "Traceback" not in err


def test_a_port_that_is_taken_is_one_sentence(build: Path, capsys: Captured) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", str(build), "--port", str(port)]) == 1
    err = capsys.readouterr().err
    assert f"Cannot listen at 127.0.0.1, port {port}" in err
    assert "--port 0" in err
    assert "Traceback" not in err


def test_what_is_no_build_is_one_sentence(tmp_path: Path, capsys: Captured) -> None:
    assert main(["serve", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert "pyastro compile" in err


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_module_that_fails_is_one_error_at_the_authors_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], workers: str
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "data.py").write_text("x = 1\n")
    (tmp_path / "pages/api.py").write_text("from data import nope\n\ndef GET(): ...\n")
    assert main(["compile", str(tmp_path / "pages"), "-o", str(tmp_path / "build")]) == 0
    assert main(["serve", str(tmp_path / "build"), "--port", "0", "--workers", workers]) == 1
    err = capfd.readouterr().err
    assert "pages/api.py:1: error: ImportError: cannot import name 'nope' from 'data'\n" in err
    assert "Traceback" not in err
