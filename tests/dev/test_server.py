"""`pyastro dev` without a browser: what it does with files, and what it says on a terminal and in a pipe."""

import os
import pty
import py_compile
import re
import select
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from pyastro.cli import main
from tests.dev.servers import dev_server, write_site


def _slow(case: str) -> object:
    return pytest.param(case, marks=pytest.mark.slow)


INDEX = "<html><body><h1>{}</h1></body></html>\n"


def test_it_begins_with_an_error_and_goes_on(tmp_path: Path) -> None:
    """A page that hangs, an application beside the site, `.env`: whatever happens, the next edit is seen."""
    root = write_site(
        tmp_path,
        {
            "pages/index.astro": INDEX.format("{"),
            "application/__init__.py": "NAME = 'old'\n",
            "pyastro.toml": 'external = ["application"]\n',
        },
    )
    with dev_server(root, "--requests") as server:
        server.hears("1 error")
        status, text = server.get("/")
        assert status == 500
        assert "pages/index.astro:1:17" in text
        assert "/_pyastro/client.js" in text

        (root / "pages/index.astro").write_text(
            "---\nfrom application import NAME\n---\n" + INDEX.format("{NAME}")
        )
        server.shows("/", "<h1>old</h1>")
        server.hears(r"200 GET / ")

        (root / "application/__init__.py").write_text("NAME = 'newer'\n")
        server.hears(r"application/__init__.py reloaded in \d+ ms")
        server.shows("/", "<h1>newer</h1>")

        (root / ".env").write_text("WHO=world\n")
        server.hears(r"\.env needs a new start")
        (root / "pages/index.astro").write_text(
            "---\nimport os\n---\n" + INDEX.format("{os.environ.get('WHO')}")
        )
        server.shows("/", "<h1>world</h1>")

        (root / "pages/index.astro").rename(root / "pages/moved.astro")
        server.shows("/moved", "<h1>world</h1>")
        assert server.get("/")[0] == 404
        assert server.close() == 0
    assert (root / ".pyastro/.gitignore").read_text() == "*\n"
    assert "Traceback" not in "".join(server.said)


def test_a_module_beside_the_site_that_changes_as_soon_as_it_is_imported(tmp_path: Path) -> None:
    changes = "NAME = 'old'\nwith open(__file__, 'w') as file:\n    file.write(\"NAME = 'newer'\\n\")\n"
    root = write_site(
        tmp_path,
        {
            "pages/index.astro": INDEX.format("first"),
            "application/__init__.py": changes,
            "pyastro.toml": 'external = ["application"]\n',
        },
    )
    with dev_server(root) as server:
        server.shows("/", "<h1>first</h1>")
        (root / "pages/index.astro").write_text(
            "---\nfrom application import NAME\n---\n" + INDEX.format("{NAME}")
        )
        server.shows("/", "<h1>newer</h1>")


_APPLICATION = {
    "pages/index.astro": "---\nfrom application.names import NAME, is_known\n---\n"
    + INDEX.format("{NAME} {is_known}"),
    "application/words.py": "class Word(str): pass\n",
    "application/names.py": "from application.words import Word\nfrom application import words\n"
    "NAME = Word('old')\nis_known = str(isinstance(NAME, words.Word))\n",
    "pyastro.toml": 'external = ["application"]\n',
}


def test_modules_beside_the_site_are_imported_anew_together(tmp_path: Path) -> None:
    """Two edits of one second and of one length; and what one module has from the other is the other's."""
    root = write_site(tmp_path, _APPLICATION)
    with dev_server(root) as server:
        server.shows("/", "<h1>old True</h1>")
        for before, after in pairwise(("old", "one", "two", "six")):
            server.edit("application/names.py", before, after)
            server.shows("/", f"<h1>{after} True</h1>")
        server.edit("application/words.py", "(str): pass", "(str):\n    def __str__(self): return 'shouted'")
        server.shows("/", "<h1>shouted True</h1>")
        assert not any("new start" in line for line in server.said)


def test_a_mistake_in_a_module_beside_the_site_leaves_the_last_site(tmp_path: Path) -> None:
    root = write_site(tmp_path, _APPLICATION)
    with dev_server(root) as server:
        server.edit("application/names.py", "from application.words", "frm application.words")
        server.hears("The site cannot start(.|\n)*SyntaxError")
        assert "<h1>old True</h1>" in server.get("/")[1]
        server.edit("application/names.py", "frm", "from")
        server.hears("reloaded")
        server.edit("application/names.py", "old", "new")
        server.shows("/", "<h1>new True</h1>")
        assert not any("new start" in line for line in server.said)


@pytest.mark.parametrize(
    "mistake",
    ["NAME = (", _slow("raise ValueError('x')"), _slow("raise KeyboardInterrupt"), _slow("import missing")],
)
def test_a_module_outside_is_mended_while_the_last_site_answers(tmp_path: Path, mistake: str) -> None:
    """It stands where the command runs, above the site."""
    write_site(tmp_path, {"application.py": "NAME = 'old'\n"})
    page = "---\nfrom application import NAME\n---\n" + INDEX.format("{NAME}")
    write_site(tmp_path / "site", {"pages/index.astro": page, "pyastro.toml": 'external = ["application"]\n'})
    with dev_server(tmp_path, "site/pages") as server:
        server.shows("/", "<h1>old</h1>")
        (tmp_path / "application.py").write_text(f"{mistake}\n")
        server.hears("The site cannot start")
        assert "<h1>old</h1>" in server.get("/")[1]
        (tmp_path / "application.py").write_text("NAME = 'new'\n")
        server.shows("/", "<h1>new</h1>")
        (tmp_path / "application.py").unlink()
        server.hears("ModuleNotFoundError")
        assert "<h1>new</h1>" in server.get("/")[1]
        (tmp_path / "application.py").write_text("NAME = 'back'\n")
        server.shows("/", "<h1>back</h1>")
        assert not any("new start" in line for line in server.said)


@pytest.mark.slow
def test_a_module_that_is_mended_while_it_is_tried_needs_no_new_start(tmp_path: Path) -> None:
    root = write_site(tmp_path, _APPLICATION)
    mended = "class Word(str):\n    def __str__(self): return 'mended'\n"
    with dev_server(root) as server:
        server.shows("/", "<h1>old True</h1>")
        (root / "application/words.py").write_text(
            f"with open(__file__, 'w') as file:\n    file.write({mended!r})\nraise ValueError('x')\n"
        )
        server.shows("/", "<h1>mended True</h1>")
        assert not any("new start" in line for line in server.said)


@pytest.mark.parametrize(
    "before", [_slow("NAME = ("), _slow("raise ValueError('x')"), _slow("raise KeyboardInterrupt"), None]
)
def test_a_module_that_is_wrong_from_the_beginning_is_mended(tmp_path: Path, before: str | None) -> None:
    if before is not None:
        write_site(tmp_path, {"application.py": before})
    page = "---\nfrom application import NAME\n---\n" + INDEX.format("{NAME}")
    write_site(tmp_path / "site", {"pages/index.astro": page, "pyastro.toml": 'external = ["application"]\n'})
    with dev_server(tmp_path, "site/pages") as server:
        server.hears("The site cannot start")
        assert server.get("/")[0] == 500
        if before is None:
            time.sleep(0.5)  # nobody knows which file is missing, until the whole folder is watched
        (tmp_path / "application.py").write_text("NAME = 'right'\n")
        server.shows("/", "<h1>right</h1>")


@pytest.mark.parametrize(
    "raised", ["KeyboardInterrupt", _slow("SystemExit"), _slow("GeneratorExit"), _slow("BaseException")]
)
def test_whatever_a_module_raises_edits_are_taken_up(tmp_path: Path, raised: str) -> None:
    page = "---\nfrom ..lib.words import WORD\n---\n" + INDEX.format("{WORD}")
    root = write_site(tmp_path, {"pages/index.astro": page, "lib/words.py": "WORD = 'old'\n"})
    with dev_server(root) as server:
        (root / "lib/words.py").write_text(f"WORD = 'late'\nraise {raised}\n")
        server.hears(f"The site cannot start(.|\n)*{raised}")
        assert "<h1>old</h1>" in server.get("/")[1]
        (root / "lib/words.py").write_text("WORD = 'new'\n")
        server.shows("/", "<h1>new</h1>")


def test_a_module_outside_and_a_style_at_once_load_the_page_anew(tmp_path: Path) -> None:
    files = {
        **_APPLICATION,
        "pages/index.astro": _APPLICATION["pages/index.astro"] + "<style>h1 { color: red }</style>",
    }
    root = write_site(tmp_path, files)
    with dev_server(root) as server:
        server.edit("pages/index.astro", "red", "blue")
        server.edit("application/names.py", "old", "new")
        server.hears("reloaded")
        server.shows("/", "new True</h1>")


@pytest.mark.slow
def test_packages_in_packages_without_files_of_their_own_are_imported_anew(tmp_path: Path) -> None:
    """A folder without `__init__.py` in a package, and a module of which only the compiled file is there."""
    page = "---\nfrom application.inner.names import NAME\nimport application\n---\n"
    root = write_site(
        tmp_path,
        {
            "pages/index.astro": page + INDEX.format("{NAME} {application.compiled.WORD}"),
            "application/__init__.py": "from application import compiled\n",
            "application/inner/names.py": "NAME = 'old'\n",
            "application/compiled.py": "WORD = 'word'\n",
            "pyastro.toml": 'external = ["application"]\n',
        },
    )
    source = root / "application/compiled.py"
    py_compile.compile(str(source), cfile=str(source.with_suffix(".pyc")))
    source.unlink()
    with dev_server(root) as server:
        server.shows("/", "<h1>old word</h1>")
        server.edit("application/inner/names.py", "old", "new")
        server.shows("/", "<h1>new word</h1>")
        (root / "application/__init__.py").write_text("from application import compiled as compiled\n")
        server.forget()
        server.hears("reloaded")
        assert "<h1>new word</h1>" in server.get("/")[1]


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (
            "import sys\nassert not hasattr(sys, 'taken')\nsys.taken = True\n",
            "AssertionError when it was imported again",
        ),
        (
            "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n",
            "a module has begun a thread, which would go on",
        ),
    ],
)
def test_a_module_that_can_be_imported_once_needs_a_new_start(
    tmp_path: Path, module: str, reason: str
) -> None:
    root = write_site(tmp_path, _APPLICATION)
    server_side = root / "application/words.py"
    server_side.write_text(module + server_side.read_text())
    with dev_server(root) as server:
        server.edit("application/names.py", "old", "new")
        server.hears(f"application/names.py needs a new start: {reason}")
        server.shows("/", "<h1>new True</h1>")


@pytest.mark.slow
def test_a_page_that_hangs_ends_with_the_next_edit(tmp_path: Path) -> None:
    root = write_site(
        tmp_path,
        {
            "pages/index.astro": "---\nimport time\nprint('it hangs', flush=True)\nwhile True: time.sleep(0.01)\n---\n"
        },
    )
    with dev_server(root) as server:
        hanging = subprocess.Popen(
            [sys.executable, "-c", f"from urllib.request import urlopen; urlopen('{server.url}')"],
            stderr=subprocess.DEVNULL,
        )
        server.hears("it hangs")
        (root / "pages/index.astro").write_text(INDEX.format("quick"))
        server.hears("a page needs a new start: it did not come to an end")
        server.shows("/", "<h1>quick</h1>")
        hanging.wait(10)


def test_in_memory_sessions_survive_and_the_middleware_is_started_and_ended(tmp_path: Path) -> None:
    root = write_site(
        tmp_path,
        {
            "pages/index.astro": "---\nawait Astro.session.set('n', (await Astro.session.get('n') or 0) + 1)\n---\n"
            + INDEX.format("{await Astro.session.get('n')}"),
            "middleware.py": "def on_startup(site): print('up', flush=True)\n"
            "def on_shutdown(site): print('down', flush=True)\n",
            "pyastro.toml": 'session = {driver = "memory"}\n',
        },
    )
    with dev_server(root) as server:
        import http.client

        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
        connection.request("GET", "/")
        first = connection.getresponse()
        cookie = (first.getheader("set-cookie") or "").partition(";")[0]
        assert b"<h1>1</h1>" in first.read()
        connection.close()
        server.forget()
        server.edit("pages/index.astro", "<h1>", "<h1>again ")
        server.hears("reloaded")
        server.hears("up\n(.|\n)*down\n")
        assert "<h1>again 2</h1>" in server.get("/", cookie=cookie)[1]


def test_what_it_says_in_a_pipe(tmp_path: Path) -> None:
    root = write_site(tmp_path, {"pages/index.astro": INDEX.format("a")})
    with dev_server(root) as server:
        server.hears(r"1 page, 1 component, ready in [\d.]+ m?s\n")
        server.edit("pages/index.astro", "<h1>a", "<h1>b")
        server.hears(r"\d\d:\d\d:\d\d pages/index.astro reloaded in \d+ ms\n")
        server.edit("pages/index.astro", "<h1>b", "<h1>{b")
        server.hears(r"1 error\npages/index.astro:1:\d+: error: .*\n.*\n.*\^")
        server.edit("pages/index.astro", "<h1>{b", "<h1>b")
        server.hears(r"fixed\n")
        assert server.close() == 0
    assert "\x1b" not in "".join(server.said)
    assert "Ctrl+C" not in "".join(server.said)


@pytest.mark.parametrize("no_color", [False, True])
def test_what_it_says_on_a_terminal(no_color: bool, tmp_path: Path) -> None:
    root = write_site(tmp_path, {"pages/index.astro": INDEX.format("a")})
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(root)
        os.environ.update({"TERM": "xterm", **({"NO_COLOR": "1"} if no_color else {})})
        os.execv(sys.executable, [sys.executable, "-m", "pyastro.cli", "dev", "--port", "0"])
    try:
        said = _until(terminal, b"Ctrl\\+C to stop")
        assert (b"\x1b[" in said) is not no_color
        os.write(terminal, b"\x03")
        _until(terminal, b"$", seconds=0.5)
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0
    finally:
        os.close(terminal)


def _until(terminal: int, pattern: bytes, seconds: float = 15) -> bytes:
    said, end = b"", time.monotonic() + seconds
    while not re.search(pattern, said) and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                said += os.read(terminal, 4096)
            except OSError:
                break
    assert re.search(pattern, said), said
    return said


def test_two_servers_of_one_site_both_take_up_an_edit(tmp_path: Path) -> None:
    root = write_site(tmp_path, {"pages/index.astro": INDEX.format("a")})
    with dev_server(root) as one, dev_server(root) as other:
        for text in "bcd":
            (root / "pages/index.astro").write_text(INDEX.format(text))
            one.shows("/", f"<h1>{text}</h1>")
            other.shows("/", f"<h1>{text}</h1>")
        assert other.close() == 0
    assert "error" not in "".join((*one.said, *other.said))
    assert sorted(path.name for path in (root / ".pyastro").glob("dev*")) == [
        "dev",
        "dev-2",
        "dev-2.code",
        "dev-2.lock",
        "dev.code",
        "dev.lock",
    ]


def test_what_is_missing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["dev"]) == 2
    assert "There is no folder pages." in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert main(["dev"]) == 2
    assert "pip install 'pyastro-web[live]'" in capsys.readouterr().err


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    root = write_site(tmp_path, {"pages/index.astro": INDEX.format("a")})
    with dev_server(root) as server:
        done = subprocess.run(
            [sys.executable, "-m", "pyastro.cli", "dev", "--port", server.url.rpartition(":")[2]],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    assert done.returncode == 1
    assert "Cannot listen" in done.stderr
