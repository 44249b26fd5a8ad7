import os
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


def test_a_module_that_fails_says_where(build: Path, capsys: Captured) -> None:
    (build / "pages/index.py").write_text("1 / 0\n")
    assert main(["serve", str(build), "--port", "0"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert os.path.exists(build)
