from pathlib import Path

import pytest

from pyastro.compiler.diagnostics import CompileError, Diagnostic
from pyastro.compiler.project.endpoints import Endpoint, read_endpoint
from pyastro.compiler.project.python_file import PythonFile


def read(tmp_path: Path, text: str | bytes) -> tuple[Endpoint, list[Diagnostic]]:
    (tmp_path / "pages").mkdir(exist_ok=True)
    (tmp_path / "pages/data.py").write_bytes(text.encode() if isinstance(text, str) else text)
    return read_endpoint(PythonFile.read(tmp_path, "pages/data.py"))


@pytest.mark.parametrize(
    ("text", "methods"),
    [
        ("def GET(): ...", ("GET",)),
        ("async def POST(context): ...", ("POST",)),
        ("async def get(params, request): ...", ("GET",)),
        ("def del_(): ...\ndef ALL(c): ...", ("ALL",)),
        ("from ..lib.handlers import GET, save as PUT", ("GET", "PUT")),
        ("from ..lib.handlers import *", ("*",)),
        ("GET = POST = handler", ("GET", "POST")),
        ("GET: Handler = handler", ("GET",)),
        ("if x:\n    def GET(): ...\nelse:\n    from a import DELETE", ("GET", "DELETE")),
        ("try:\n    from a import PATCH\nexcept ImportError:\n    def OPTIONS(): ...", ("PATCH", "OPTIONS")),
    ],
)
def test_handlers(tmp_path: Path, text: str, methods: tuple[str, ...]) -> None:
    assert read(tmp_path, text) == (Endpoint(methods), [])


@pytest.mark.parametrize(
    "text", ["", "x = 1", "options = {}", "class A:\n    def GET(self): ...", "def f():\n    GET = 1"]
)
def test_a_file_without_a_handler_is_an_error_that_suggests_another_name(tmp_path: Path, text: str) -> None:
    _, (problem,) = read(tmp_path, text)
    assert (problem.code, problem.path, problem.line) == ("endpoint-without-handler", "pages/data.py", 1)
    assert "_data.py" in (problem.hint or "")


def test_prerender(tmp_path: Path) -> None:
    assert read(tmp_path, "prerender = True\ndef GET(): ...")[0].prerender
    assert read(tmp_path, "prerender: bool = True\ndef GET(): ...")[0].prerender
    assert not read(tmp_path, "prerender = False\ndef GET(): ...")[0].prerender


def test_prerender_is_a_literal(tmp_path: Path) -> None:
    _, (problem,) = read(tmp_path, "import os\nprerender = os.environ['X']\ndef GET(): ...")
    assert (problem.code, problem.line, problem.column) == ("literal-expected", 2, 1)


def test_nothing_is_executed(tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    read(tmp_path, f"open({str(marker)!r}, 'w')\ndef GET(): ...")
    assert not marker.exists()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("def GET(:\n", 1, "invalid syntax"),
        ("x = 1\n  y = 2\n", 2, "unexpected indent"),
        (b"# coding: nonsense\n", 1, "unknown encoding"),
        (b"x = 1\ny = '\xff'\n", 2, "0xff"),
        ("(" * 5000, 1, ""),
    ],
)
def test_syntax_errors_are_pythons_own(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(CompileError) as caught:
        read(tmp_path, text)
    (problem,) = caught.value.diagnostics
    assert (problem.path, problem.line) == ("pages/data.py", line)
    assert words in problem.message


def test_a_nul_character_is_a_syntax_error(tmp_path: Path) -> None:
    with pytest.raises(CompileError):
        read(tmp_path, "x = '\0'")


def test_other_encodings(tmp_path: Path) -> None:
    assert read(tmp_path, "# coding: latin-1\ndef GET(): return 'ü'\n".encode("latin-1"))[1] == []
    assert read(tmp_path, b"\xef\xbb\xbfdef GET(): ...\r\n")[1] == []
