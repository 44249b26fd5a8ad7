"""What is said when a site cannot start."""

import asyncio
from pathlib import Path

import pytest

from pyastro.compiler.project import compile_project
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site
from pyastro.runtime.startup_report import startup_report

HANDLER = "\n\ndef GET(): ...\n"


def report(folder: Path, files: dict[str, str], then: dict[str, str] | None = None) -> str:
    """What is said of a site, of whose build some files were changed."""
    for name, text in {"pages/index.astro": "<p>", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    assert compile_project(folder / "pages", folder / "build").is_successful
    for name, text in (then or {}).items():
        (folder / "build" / name).write_text(text, "utf-8")
    with pytest.raises(Exception) as caught:  # any of Python's own
        asyncio.run(Site.load(folder / "build", session_store=MemoryStore()).startup())
    return startup_report(caught.value)


def test_a_missing_name_is_one_short_error(tmp_path: Path) -> None:
    files = {"data.py": "nope = 1\n", "pages/api.py": "from data import nope" + HANDLER}
    text = report(tmp_path, files, {"data.py": "other = 1\n"})
    assert text == (
        "pages/api.py:1: error: ImportError: cannot import name 'nope' from 'data'\n"
        "  1 | from data import nope\n"
    )


def test_a_missing_module_of_the_environment(tmp_path: Path) -> None:
    page = "---\nimport no_such_library\n---\n<p>{no_such_library.x}</p>\n"
    assert report(tmp_path, {"pages/index.astro": page}) == (
        "pages/index.astro:2: error: ModuleNotFoundError: No module named 'no_such_library'\n"
        "  2 | import no_such_library\n"
    )


def test_the_way_to_what_failed(tmp_path: Path) -> None:
    text = report(
        tmp_path,
        {"rates.py": "rates = {}\neur = [rates['eur'], 1]\n", "pages/api.py": "import rates" + HANDLER},
    )
    assert text == (
        "rates.py:2: error: KeyError: 'eur'\n"
        "  2 | eur = [rates['eur'], 1]\n"
        "    |        ^^^^^^^^^^^^\n"
        "  reached from pages/api.py:1: import rates\n"
    )


def test_what_failed_in_a_library_comes_with_the_calls(tmp_path: Path) -> None:
    middleware = "import json\n\nasync def on_startup(site):\n    json.loads('{')\n"
    text = report(tmp_path, {"middleware.py": middleware})
    head, _, calls = text.partition("\n\n")
    assert head.startswith("middleware.py:4: error: JSONDecodeError: Expecting")
    assert calls.splitlines()[1] == f'  File "{tmp_path}/middleware.py", line 4, in on_startup'
    assert "decoder.py" in calls


def test_a_syntax_error_of_another_python(tmp_path: Path) -> None:
    text = report(
        tmp_path, {"pages/api.py": HANDLER}, then={"pages/api.py": "\ndef GET():\n    return 1 2\n"}
    )
    assert text.startswith("pages/api.py:3: error: SyntaxError: invalid syntax\n")
    assert "\n  3 |     return 1 2\n    |              ^\n" in text
    assert "Traceback" not in text


def test_what_pyastro_refuses_is_one_sentence(tmp_path: Path) -> None:
    text = report(tmp_path, {"pages/api.py": "def GET(a, b): ...\n"})
    assert text.startswith("error: pages/api.py: GET asks for 'a'; it may ask for: context, ")
    assert text.count("\n") == 1


def test_what_cannot_be_explained_is_a_traceback() -> None:
    try:
        raise RuntimeError("of the server's")
    except RuntimeError as error:
        text = startup_report(error)
    assert text.startswith("Traceback") and text.endswith("RuntimeError: of the server's\n")


def test_what_a_terminal_would_obey_is_replaced(tmp_path: Path) -> None:
    text = report(tmp_path, {"pages/api.py": "x = 1/0 # \x1b[31m" + HANDLER})
    assert "\x1b" not in text
