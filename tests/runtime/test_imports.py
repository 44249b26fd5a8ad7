"""What importing the runtime's core does not do."""

import subprocess
import sys
from pathlib import Path

import pytest

CORE = [
    "context",
    "cookies",
    "dates",
    "errors",
    "fetch",
    "fetch_exchange",
    "fetch_response",
    "files",
    "forms",
    "headers",
    "limits",
    "media_type",
    "multimap",
    "multipart",
    "params",
    "redirects",
    "request",
    "request_body",
    "response",
    "response_init",
    "set_cookie",
    "threads",
    "url",
]

HEAVY = ["asyncio", "aiohttp", "python_multipart", "tempfile", "random", "secrets", "socket", "ssl", "email"]

IMPORT = """
import sys
{before}
import pyastro.runtime.{module}
loaded = [name for name in {heavy!r} if name in sys.modules]
assert not loaded, loaded
"""


def run(code: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=Path(__file__).parent)


@pytest.mark.parametrize("module", CORE)
def test_importing_is_light(module: str) -> None:
    run(IMPORT.format(module=module, heavy=HEAVY, before=""))


def test_it_works_without_the_c_part_of_markupsafe() -> None:
    before = "sys.modules['markupsafe._speedups'] = None"
    run(IMPORT.format(module="context", heavy=HEAVY, before=before))
