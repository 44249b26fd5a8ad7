"""Astro itself: its site, built by its own tools, and its Node server."""

import http.client
import json
import os
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path

from benchmarks.data import PAGES, Data
from benchmarks.processes import Server
from benchmarks.static_page import static_source

SOURCES = Path(__file__).parent / "astro"
TITLED = 'content="A guide to {title}"', "content={`A guide to ${title}`}"


def build_astro(data: Data, work: Path) -> Path:
    """Astro's site in the folder `work`, built; the result is Node's program.

    Raises OSError or CalledProcessError where that does not work.
    """
    node = install_astro(work)
    for file in (path for path in SOURCES.rglob("*") if path.is_file()):
        place = work / file.relative_to(SOURCES).with_name(file.name.removesuffix(".txt"))
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
    (work / "src/data.json").write_text(json.dumps(asdict(data)), "utf-8")
    (work / "src/pages/static.astro").write_text(_static_page(), "utf-8")
    _run([str(node), "node_modules/astro/bin/astro.mjs", "build"], work)
    return node


def install_astro(work: Path) -> Path:
    """Let npm install Astro and Node in a folder, once; Node's program.

    Raises OSError or CalledProcessError where that does not work.
    """
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "node_modules/.bin/astro").exists():
        shutil.copyfile(SOURCES / "package.json", work / "package.json")
        _run(["npm", "install", "--no-audit", "--no-fund"], work)
    node = work / "node_modules/.bin/node"
    # npm may have been told to run no scripts of packages
    return node if node.exists() else Path(shutil.which("node") or "node")


def _static_page() -> str:
    head = (
        '---\nimport data from "../data.json";\n\nconst { title, author, user, edition } = data.guide;\n---\n'
    )
    return head + static_source("{{{}}}".format).replace(*TITLED)


def _run(command: list[str], folder: Path) -> None:
    environment = {**os.environ, "ASTRO_TELEMETRY_DISABLED": "1"}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=600)


def serve_astro(node: Path, work: Path, port: int) -> Server:
    """Astro's standalone server, in production."""
    environment = {"HOST": "127.0.0.1", "PORT": str(port), "NODE_ENV": "production"}
    return Server([str(node), "dist/server/entry.mjs"], port, folder=work, environment=environment)


class AstroEngine:
    """Astro's engine as a contestant: it renders inside the built server, which measures its own process."""

    name = "Astro"

    def __init__(self, work: Path, port: int) -> None:
        package = json.loads((work / "node_modules/astro/package.json").read_text("utf-8"))
        self.version: str = package["version"]
        self._port = port

    def can_render(self, page: str) -> bool:
        return page in PAGES

    def html(self, page: str) -> str:
        return self._get(page, 0)

    def measure(self, page: str, times: int) -> float:
        return float(self._get(page, times)) / 1e6

    def _get(self, page: str, times: int) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        try:
            connection.request("GET", f"/measure?page={page}&times={times}")
            return connection.getresponse().read().decode()
        finally:
            connection.close()
