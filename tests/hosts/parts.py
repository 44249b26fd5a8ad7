"""The real parts of hosts that npm brings, in a folder of their own. `python -m tests.hosts.parts` installs them there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyastro.adapters.pyodide import PYODIDE

VARIABLE = "PYASTRO_PARTS"
PACKAGES = {
    "@netlify/headers-parser": "10.1.1",
    "@netlify/redirect-parser": "16.1.1",
    "@netlify/zip-it-and-ship-it": "14.7.1",
    "deno": "2.9.6",
    "pyodide": PYODIDE,
    "workerd": "1.20261117.1",
}
"""By their names on npm, with the versions that were tried."""


def parts() -> Path | None:
    """The folder, where one is named."""
    name = os.environ.get(VARIABLE)
    return Path(name).resolve() if name else None


def node_modules() -> Path:
    """The folder in which npm has put them."""
    folder = parts()
    assert folder is not None
    return folder / "node_modules"


def require_part(name: str) -> Path:
    """The folder of a package. Skips the test where it is missing; where `PYASTRO_REQUIRE_PARTS` is set, fails."""
    found = node_modules() / name if parts() else None
    if found is not None and found.is_dir():
        return found
    message = f"the npm package {name} is needed: run scripts/hosts"
    if os.environ.get("PYASTRO_REQUIRE_PARTS"):
        pytest.fail(message)
    pytest.skip(message)


def environment() -> dict[str, str]:
    """An environment that finds the parts' programs first, and keeps what they download among them."""
    modules = node_modules()
    path = os.pathsep.join((str(modules / ".bin"), os.environ["PATH"]))
    return {
        **os.environ,
        "PATH": path,
        "DENO_DIR": str(modules.with_name("deno")),
        "DENO_NO_UPDATE_CHECK": "1",
    }


def install(folder: Path) -> None:
    """Install what is not there in its version."""
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "installed"
    if not note.exists() or note.read_text() != "\n".join(wanted):
        command = [
            "npm",
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--no-save",
            "--prefix",
            str(folder),
        ]
        subprocess.run([*command, *wanted], check=True)
        note.write_text("\n".join(wanted))


if __name__ == "__main__":
    named = parts()
    sys.exit(f"{VARIABLE} names no folder") if named is None else install(named)
