"""docs/tutorial.md, done step by step as it says, in a browser. With `--update` its pictures are taken anew."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from pyastro.cli import main
from tests.dev.browsers import leave
from tests.dev.servers import DevServer, dev_server

DOCS = Path(__file__).parents[2] / "docs"
STEP = re.compile(
    r"^```(?P<kind>\w+)(?P<place>[^\n]*)\n(?P<text>.*?)^```$"
    r"|^<!-- (?P<verb>\w+): (?P<what>.*?) -->$"
    r"|^!\[[^\]]+\]\((?P<picture>[^)]+)\)$",
    re.MULTILINE | re.DOTALL,
)
LONGEST_PICTURE = 60_000


def steps() -> Iterator[re.Match[str]]:
    yield from STEP.finditer((DOCS / "tutorial.md").read_text())


class Reader:
    """Somebody who does what the tutorial says."""

    def __init__(self, folder: Path, browser: Any, stack: ExitStack, update: bool) -> None:
        self.folder = folder
        self.update = update
        self.ran: list[str] = []
        self._stack = stack
        self._context = browser.new_context(viewport={"width": 720, "height": 360})
        self.page = self._new_page()
        stack.callback(self._close)
        self.server: DevServer | None = None

    def _close(self) -> None:
        leave(self.page)
        self._context.close()

    def _new_page(self) -> Any:
        page = self._context.new_page()
        page.set_default_timeout(10_000)
        return page

    def take(self, step: re.Match[str]) -> None:
        if step["kind"] == "sh":
            for command in step["text"].splitlines():
                self.run(command)
        elif step["kind"]:
            self.write(step["place"].strip(), step["text"])
        elif step["picture"]:
            self.look(DOCS / step["picture"])
        else:
            getattr(self, step["verb"])(step["what"])

    def run(self, command: str) -> None:
        self.ran.append(command)
        program, *arguments = command.split()
        match [program, *arguments]:
            case ["pip", "install", *_]:
                return
            case ["cd", folder]:
                self.folder /= folder
            case ["pyastro", "dev"]:
                self.server = self._stack.enter_context(dev_server(self.folder))
            case ["pyastro", "new", name, *rest]:
                assert main(["new", str(self.folder / name), *rest]) == 0
            case _:
                module = {"pyastro": "pyastro.cli", "pytest": "pytest"}[program]
                done = subprocess.run(
                    [sys.executable, "-m", module, *arguments],
                    cwd=self.folder,
                    capture_output=True,
                    text=True,
                    timeout=60,
                    check=False,
                    env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                )
                assert done.returncode == 0, done.stdout + done.stderr

    def write(self, place: str, text: str) -> None:
        file = self.folder / place.removesuffix(" edit")
        if place.endswith(" edit"):
            before, after = text.strip().split(" -> ")
            assert before in file.read_text()
            text = file.read_text().replace(before, after)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def open(self, path: str) -> None:
        assert self.server is not None
        end = time.monotonic() + 10
        while self.server.get(path)[0] != 200:  # what was written just now is on its way
            assert time.monotonic() < end, self.server.said
        leave(self.page)  # a reload of the page that is open could meet the navigation to the next
        self.page.close()
        self.page = self._new_page()
        self.page.goto(self.server.url + path)

    def see(self, text: str) -> None:
        self.page.wait_for_function("text => document.body?.innerText.includes(text)", arg=text)

    def fill(self, what: str) -> None:
        name, value = what.split(" = ")
        self.page.fill(f"[name={name}]", value)

    def click(self, label: str) -> None:
        self.page.click(f"text={label}")

    def look(self, picture: Path) -> None:
        if self.update:
            picture.parent.mkdir(exist_ok=True)
            self.page.screenshot(path=picture)
        assert 0 < picture.stat().st_size < LONGEST_PICTURE


@pytest.mark.slow
def test_the_tutorial_does_what_it_says(browser: Any, tmp_path: Path, update: bool) -> None:
    with ExitStack() as stack:
        reader = Reader(tmp_path, browser, stack, update)
        for step in steps():
            reader.take(step)
        assert "pytest" in reader.ran
        assert reader.server is not None
        assert "Did you mean `name`?" in "".join(reader.server.said)
    assert (reader.folder / "build/manifest.json").exists()


def test_every_picture_is_used() -> None:
    used = {DOCS / step["picture"] for step in steps() if step["picture"]}
    assert used == set((DOCS / "images").glob("tutorial-*.png"))
