"""Who may let the development server start a program, and for which files."""

import asyncio
import os
from pathlib import Path

import pytest

from pyastro.dev.editor import Editor
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response

GOOD = {
    "host": "localhost:4321",
    "origin": "http://localhost:4321",
    "x-pyastro-token": "secret",
    "content-type": "application/json",
}
PLACE = '{"source": "pages/index.astro", "line": 3, "column": 2}'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "pages").mkdir(parents=True)
    (site / "pages/index.astro").write_text("<p>")
    (site / ".env").write_text("PASSWORD=x")
    (tmp_path / "outside.txt").write_text("")
    (site / "link.txt").symlink_to(tmp_path / "outside.txt")
    (tmp_path / "bin").mkdir()
    for name in ("editor", "code", "vim", "pycharm", "gvim"):
        program = tmp_path / "bin" / name
        program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/opened\n')
        program.chmod(0o755)
    return site


def ask(
    root: Path,
    body: str = PLACE,
    method: str = "POST",
    client: str | None = "127.0.0.1",
    environment: dict[str, str] | None = None,
    **headers: str | None,
) -> Response:
    given = {**GOOD, **{name.replace("_", "-"): value for name, value in headers.items()}}
    request = Request(
        method,
        f"http://{given['host'] or 'localhost:4321'}/_pyastro/open",
        {name: value for name, value in given.items() if value is not None},
        body.encode(),
        client_address=client,
    )
    path = str(root.parent / "bin")
    editor = Editor(root, "secret", {"PATH": path, "PYASTRO_EDITOR": "editor", **(environment or {})})
    return asyncio.run(editor.respond(request))


def opened(root: Path) -> str:
    file = root.parent / "opened"
    for _ in range(200):
        if file.exists() and file.read_text():
            return file.read_text().strip()
        os.sched_yield()
        asyncio.run(asyncio.sleep(0.01))
    return ""


def test_a_place_of_the_site_is_opened(root: Path) -> None:
    assert ask(root).status == 204
    assert opened(root) == f"{root}/pages/index.astro:3:2"


@pytest.mark.parametrize(
    "wrong",
    [
        {"client": "192.168.1.7"},
        {"client": None},
        {"host": "evil.example:4321", "origin": "http://evil.example:4321"},  # a name that leads here
        {"host": "localhost.evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:9999"},  # another server of this machine
        {"origin": "https://localhost:4321"},
        {"origin": "null"},
        {"origin": None},
        {"host": None},
        {"x_pyastro_token": "guess"},
        {"x_pyastro_token": ""},
        {"x_pyastro_token": None},
    ],
)
def test_nobody_else_opens_anything(wrong: dict[str, str | None], root: Path) -> None:
    assert ask(root, **wrong).status == 403  # type: ignore[arg-type]  # names and values of several arguments
    assert not (root.parent / "opened").exists()


@pytest.mark.parametrize(
    "source",
    [
        "../outside.txt",
        "/etc/passwd",
        "pages",
        "pages/none.astro",
        "link.txt",
        ".env",
        "pages/../.env",
        "",
        "pages/index.astro\\u0000",
    ],
)
def test_nothing_but_a_file_of_the_site(source: str, root: Path) -> None:
    assert ask(root, f'{{"source": "{source}", "line": 1, "column": 1}}').status == 404
    assert not (root.parent / "opened").exists()


@pytest.mark.parametrize(
    "body", ["", "[", "[]", '"x"', '{"source": 1, "line": 1, "column": 1}', '{"source": "a"}']
)
def test_other_bodies_are_refused(body: str, root: Path) -> None:
    assert ask(root, body).status in (400, 404)


def test_only_posts(root: Path) -> None:
    response = ask(root, method="GET")
    assert (response.status, response.headers.get("allow")) == (405, "POST")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"PYASTRO_EDITOR": "", "VISUAL": "code --wait"}, "--wait -g {file}:3:2"),
        ({"PYASTRO_EDITOR": "", "VISUAL": "vim"}, "-g {file}:3:2"),  # vim needs the terminal; `code` is there
        ({"PYASTRO_EDITOR": "pycharm"}, "--line 3 {file}"),
        ({"PYASTRO_EDITOR": "gvim"}, "+3 {file}"),
        ({"PYASTRO_EDITOR": "editor --at {line}/{column} {file}"}, "--at 3/2 {file}"),
    ],
)
def test_each_editor_is_told_in_its_own_words(environment: dict[str, str], expected: str, root: Path) -> None:
    assert ask(root, environment=environment).status == 204
    assert opened(root) == expected.format(file=f"{root}/pages/index.astro")


def test_without_an_editor_the_answer_says_what_to_set(root: Path) -> None:
    (root.parent / "bin/code").unlink()
    response = ask(root, environment={"PYASTRO_EDITOR": ""})
    assert response.status == 501
    assert "PYASTRO_EDITOR" in str(response.body)


def test_no_shell_reads_the_place(root: Path) -> None:
    (root / "pages/a; touch pwned.astro").write_text("")
    assert ask(root, '{"source": "pages/a; touch pwned.astro", "line": 1, "column": 1}').status == 204
    assert opened(root).endswith("pages/a; touch pwned.astro:1:1")
    assert not Path("pwned.astro").exists()
