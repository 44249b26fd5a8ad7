import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from pyastro.cli import main, serve_command
from pyastro.runtime.deadlines import Deadlines
from pyastro.runtime.limits import Limits

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.astro").write_text("<h1>Hello</h1>\n")
    assert main(["compile", str(tmp_path / "pages"), "-o", str(tmp_path / "build")]) == 0
    return tmp_path / "build"


@pytest.mark.parametrize("options", [("--workers", "1", "--profile"), ("--workers", "2")])
def test_a_build_is_served_until_a_signal_comes(build: Path, options: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pyastro.cli", "serve", "build/", "--port", "0", *options],
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
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode in (0, 130)
    assert "Traceback" not in err
    assert (" in the site" in out) is ("--profile" in options)


def test_a_profile_is_one_of_one_process(build: Path, capsys: Captured) -> None:
    assert main(["serve", str(build), "--profile", "--workers", "2"]) == 2
    assert "Leave out --workers." in capsys.readouterr().err


@pytest.mark.parametrize("workers", ["1", "2"])
def test_each_request_is_a_line_as_long_as_somebody_reads_them(build: Path, workers: str) -> None:
    options = ["--port", "0", "--workers", workers, "--access-log", "--health", "/up", "--drain", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "pyastro.cli", "serve", "build/", *options],
        cwd=build.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        url = process.stdout.readline().split()[-1]
        with urllib.request.urlopen(url + "up") as response:
            assert response.read() == b"ok\n"
        urllib.request.urlopen(url + "?x=1").close()
        line = process.stdout.readline()
        assert re.fullmatch(r"\S+ \S+ 127\.0\.0\.1 GET / 200 \d+ \d+\.\dms [0-9a-f]{16}\n", line), line
        process.stdout.close()
        for _ in range(20):
            urllib.request.urlopen(url).close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.parametrize(
    "option",
    [
        "--health=up",
        "--health=/a?b",
        "--max-body=x",
        "--max-body=0",
        "--notice=-1",
        "--drain=soon",
        "--drain=nan",
    ],
)
def test_options_that_make_no_sense(build: Path, option: str, capsys: Captured) -> None:
    assert main(["serve", str(build), option]) == 2
    assert "expected" in capsys.readouterr().err


def test_each_option_is_in_the_documentation() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    serve_command.add_arguments(parser)
    options = re.findall(r"--[\w-]+", parser.format_usage())
    text = (Path(__file__).parent.parent.parent / "docs/serving.md").read_text("utf-8")
    assert re.findall(r"^\| `(--[\w-]+)` \|", text, re.MULTILINE) == options


def test_the_limits_of_the_documentation_are_those_of_the_code() -> None:
    text = (Path(__file__).parent.parent.parent / "docs/serving.md").read_text("utf-8")
    limits, deadlines = Limits(), Deadlines()
    for line in (
        f"| fields of a form, a field | {limits.fields}, {limits.field_size >> 20} MB |",
        f"| an uploaded file in memory | {limits.memory >> 10} KB,",
        f"| the head of a request | {deadlines.head:.0f} s |",
        f"| silence in a body, the whole body | {deadlines.silence:.0f} s, {deadlines.body:.0f} s |",
        f"| the next request on a connection | {deadlines.keep_alive:.0f} s |",
        f"| a client that takes nothing of 64 KB | {deadlines.write:.0f} s |",
        f"| `--max-body` | `{limits.body >> 20}M` |",
        f"| `--notice` | {deadlines.notice:.0f} |",
        f"| `--drain` | {deadlines.shutdown:.0f} |",
    ):
        assert line in text


def test_sizes() -> None:
    parser = argparse.ArgumentParser()
    serve_command.add_arguments(parser)
    for text, size in (("1000", 1000), ("64k", 65536), ("8M", 8 * 2**20), ("1G", 2**30)):
        assert parser.parse_args(["--max-body", text]).max_body == size
    assert parser.parse_args([]).max_body is None


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
    (tmp_path / "pages/api.py").write_text("RATES = {}\nEURO = RATES['eur']\n\ndef GET(): ...\n")
    assert main(["compile", str(tmp_path / "pages"), "-o", str(tmp_path / "build")]) == 0
    assert main(["serve", str(tmp_path / "build"), "--port", "0", "--workers", workers]) == 1
    err = capfd.readouterr().err
    assert err.count("pages/api.py:2: error: KeyError: 'eur'\n") == 1
    assert "Traceback" not in err


# ---------------------------------------------------------------- what the environment has to hold

NEEDS = "[env]\nTEST_NAME = { type = 'string' }\nTEST_PORT = { type = 'int' }\n[session]\ndriver = 'cookie'\n"


@pytest.fixture
def needy(build: Path) -> Path:
    """A site that needs a secret and two settings."""
    root = build.parent
    (root / "pyastro.toml").write_text(NEEDS)
    (root / "pages/index.astro").write_text("---\nimport env\n---\n<h1>{env.TEST_NAME}</h1>\n")
    assert main(["compile", str(root / "pages"), "-o", str(build)]) == 0
    return root


def serve_to_the_end(root: Path, *options: str, **environment: str) -> tuple[int, str]:
    """The status and the error output of a server that does not start."""
    done = subprocess.run(
        [sys.executable, "-m", "pyastro.cli", "serve", "build/", "--port", "0", *options],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_site_that_lacks_something_says_what_and_does_not_start(needy: Path, workers: str) -> None:
    status, said = serve_to_the_end(needy, "--workers", workers)
    assert status == 1
    assert said.startswith("error: This site signs or encrypts, and has no secret") and said.count("\n") == 1
    status, said = serve_to_the_end(needy, "--workers", workers, PYASTRO_SECRET="s" * 32, TEST_PORT="x")
    assert status == 1
    assert "TEST_NAME is missing; it should be text\n  TEST_PORT should be a whole number, and is 'x'" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("workers", ["1", "2"])
def test_in_development_a_file_adds_to_the_environment(needy: Path, workers: str) -> None:
    (needy / ".env").write_text(f"PYASTRO_SECRET={'s' * 32}\nTEST_NAME='from the file'\nTEST_PORT=1\n")
    status, said = serve_to_the_end(needy)
    assert status == 1 and "no secret" in said
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pyastro.cli",
            "serve",
            "build/",
            "--port",
            "0",
            "--development",
            "--workers",
            workers,
        ],
        cwd=needy,
        env={**os.environ, "TEST_PORT": "2"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        with urllib.request.urlopen(url) as response:
            assert b"<h1>from the file</h1>" in response.read()
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()
    (needy / ".env").write_text("TEST_NAME\n")
    status, said = serve_to_the_end(needy, "--development")
    assert (status, said) == (
        1,
        "error: .env, line 1: expected NAME=value, with the value in quotes if need be\n",
    )
