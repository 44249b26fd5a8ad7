"""`env`: the module that a build gets, and what its code can do with it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import black
import pytest

from pyastro.compiler.project import compile_project
from pyastro.compiler.project.environment_settings import environment_module
from pyastro.compiler.project.project import Report
from pyastro.runtime import Request
from pyastro.runtime.errors import SetupError
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site

Write = Callable[..., Path]

SETTINGS = """\
[env]
TEST_KEY = { type = "string", secret = true }
TEST_MODE = { type = "enum", values = ["it's", 'a "b"'], default = "it's" }
TEST_PORT = { type = "int", default = 8000 }
TEST_RATE = { type = "number", optional = true }
"""


def compiled(root: Path) -> Report:
    return compile_project(root / "pages", root / "build")


def test_every_kind_of_code_imports_it(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(
        {
            "pyastro.toml": SETTINGS,
            "pages/index.astro": "---\nfrom .. import env\nfrom ..lib.db import port\n---\n"
            "{env.TEST_MODE} {port()} {env.TEST_RATE is None and 'none'}\n",
            "pages/api/key.py": "import env\nfrom pyastro.runtime import Response\n\n"
            "def GET(context):\n    return Response(str(len(env.TEST_KEY)))\n",
            "lib/db.py": "from env import TEST_PORT\n\n\ndef port() -> int:\n    return TEST_PORT\n",
            "middleware.py": "import env\n\n\nasync def on_request(context, next):\n    response = await next()\n"
            "    response.headers['x-port'] = str(env.TEST_PORT)\n    return response\n",
        }
    )
    assert not compiled(root).diagnostics
    monkeypatch.setenv("TEST_KEY", "hunter2-hunter2")
    monkeypatch.setenv("TEST_PORT", "99")

    async def answers() -> list[str]:
        site = Site.load(root / "build", session_store=MemoryStore())
        await site.startup()
        found = []
        for path in ("/", "/api/key"):
            response = await site.handle(Request("GET", f"http://localhost{path}"))
            found.append(f"{response.headers.get('x-port')} {(await response.text()).split('>')[-1].strip()}")
        await site.shutdown()
        return found

    assert asyncio.run(answers()) == ["99 it&#39;s 99 none", "99 15"]
    monkeypatch.delenv("TEST_KEY")
    with pytest.raises(SetupError, match="TEST_KEY is missing"):
        asyncio.run(answers())


@pytest.mark.slow
def test_the_module_is_typed_and_formatted(write: Write) -> None:
    root = write({"pyastro.toml": SETTINGS, "pages/index.astro": "<p>x</p>\n"})
    assert not compiled(root).diagnostics
    text = (root / "build/env.py").read_text("utf-8")
    assert text == black.format_str(text, mode=black.Mode(line_length=110))
    assert "TEST_KEY: Secret = " in text
    assert """TEST_MODE: Literal["it's", 'a "b"'] = """ in text
    assert "TEST_RATE: float | None = " in text
    manifest = json.loads((root / "build/manifest.json").read_text())
    assert manifest["environment"] == "env"
    assert "env.py" not in manifest["sources"]
    checked = "\n".join(
        [
            "from typing import assert_type, Literal",
            "from pyastro.runtime import Secret",
            "from build import env",
            "assert_type(env.TEST_KEY, Secret)",
            "assert_type(env.TEST_PORT, int)",
            "assert_type(env.TEST_RATE, float | None)",
            'words: Literal["it\'s", \'a "b"\'] = env.TEST_MODE',
        ]
    )
    (root / "use.py").write_text(checked)
    ours = Path(__file__).parents[3]
    command = [sys.executable, "-m", "mypy", "--config-file", str(ours / "pyproject.toml"), "use.py"]
    path = {"MYPYPATH": f"{ours / 'typings'}:{root}"}
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_same_settings_give_the_same_module() -> None:
    declarations = {"A": {"type": "bool"}, "B": {"type": "string", "default": "\\ \n ' \""}}
    text = environment_module(declarations, "pyproject.toml")
    names: dict[str, object] = {}
    exec(text.replace("read_environment(", "dict("), names)
    assert names["_values"] == declarations


def test_a_module_of_its_own_is_a_clash(write: Write) -> None:
    root = write({"pyastro.toml": SETTINGS, "pages/index.astro": "<p>x</p>\n", "env.py": "X = 1\n"})
    (problem,) = compiled(root).diagnostics
    assert problem.code == "module-clash" and "`env.py` and `pyastro.toml`" in problem.message
    (root / "pyastro.toml").write_text("")
    assert not compiled(root).diagnostics


def test_without_declarations_nothing_is_added(write: Write) -> None:
    root = write({"pages/index.astro": "<p>x</p>\n"})
    assert not compiled(root).diagnostics
    assert not (root / "build/env.py").exists()
    assert {"environment", "needs_secret"}.isdisjoint(json.loads((root / "build/manifest.json").read_text()))


def test_settings_that_change_take_effect(write: Write) -> None:
    root = write({"pyastro.toml": SETTINGS, "pages/index.astro": "---\nimport env\n---\n{env.TEST_PORT}\n"})
    assert not compiled(root).diagnostics
    (root / "pyastro.toml").write_text(SETTINGS.replace("8000", "9000"))
    assert not compiled(root).diagnostics
    assert "9000" in (root / "build/env.py").read_text()
    (root / "pyastro.toml").write_text("")
    (root / "pages/index.astro").write_text("<p>x</p>\n")
    assert compiled(root).removed == ["env.py"]


@pytest.mark.parametrize(
    ("source", "needs"),
    [
        ('Astro.cookies.set("a", "1", signed=True)', True),
        ("found = Astro.cookies.get_signed('a')", True),
        ("jar = Astro.cookies\nx = (lambda cookies: cookies.get_signed('a'))(jar)", True),
        ('Astro.cookies.set("a", "1", signed=False)', False),
        ('Astro.cookies.set("a", "1")  # not signed', False),
        ("contract = dict()\ncontract.update(signed=True)", False),
    ],
)
def test_a_site_that_signs_cookies_needs_a_secret(write: Write, source: str, needs: bool) -> None:
    root = write({"pages/index.astro": f"---\n{source}\n---\n<p>x</p>\n"})
    assert not compiled(root).diagnostics
    assert json.loads((root / "build/manifest.json").read_text()).get("needs_secret", False) is needs
    (root / "pages/index.astro").write_text("<p>x</p>\n")
    (root / "pages/api.py").write_text(
        "def GET(context):\n    " + source.replace("Astro", "context").replace("\n", "\n    ") + "\n"
    )
    assert not compiled(root).diagnostics
    assert json.loads((root / "build/manifest.json").read_text()).get("needs_secret", False) is needs
