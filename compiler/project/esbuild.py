"""esbuild, the program that bundles scripts: where it is, how it is run, and what it says."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

SECONDS = 120
"""It takes a fraction of one; a program that hangs must not hang the compiler."""

_OPTIONS = (
    "--bundle",
    "--splitting",
    "--minify",
    "--format=esm",
    "--target=es2022",
    "--charset=utf8",
    "--entry-names=[name]",
    "--chunk-names=chunk-[hash]",
    "--log-level=warning",
    "--log-limit=0",
    "--color=false",
)
_COMPLAINT = re.compile(
    r"^\S+ \[(?P<kind>ERROR|WARNING)\] (?P<message>.+?)(?: \[[a-z-]+\])?\n"
    r"(?:\n    (?P<path>.+):(?P<line>\d+):(?P<column>\d+):\n.*\n +\S +(?P<marks>[~^]*))?",
    re.MULTILINE,
)
_SETTINGS = ("tsconfig.json", "jsconfig.json")


class Complaint(NamedTuple):
    """What esbuild says of a file: the line from 1, the column from 0 in bytes; without a path, of no file."""

    message: str
    path: str = ""
    line: int = 1
    column: int = 0
    length: int = 0
    """In characters."""
    is_error: bool = True


@dataclass(slots=True)
class Bundle:
    """What esbuild made, with its own names; paths are relative to the source root."""

    files: dict[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """What the metafile says of each of them, by its name."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    """Where one of them is an error, there is nothing else."""


class Esbuild:
    """The esbuild that a source root uses: that of the nearest `node_modules`, else the one on PATH."""

    def __init__(self, root: Path, program: str) -> None:
        self.root = root
        self.program = program

    @classmethod
    def find(cls, root: Path) -> "Esbuild | None":
        """The esbuild of a source root; None where there is none."""
        names = [f"{folder}/.bin" for folder in package_folders(root)]
        program = shutil.which("esbuild", path=os.pathsep.join(names)) if names else None
        program = program or shutil.which("esbuild")
        return cls(root, program) if program else None

    @property
    def version(self) -> str:
        """A text that differs between versions of it."""
        program = Path(os.path.realpath(self.program))
        try:
            return str(json.loads((program.parent.parent / "package.json").read_bytes())["version"])
        except (OSError, ValueError, TypeError, KeyError):
            return str(program.stat().st_size)

    @property
    def settings(self) -> list[Path]:
        """The settings of TypeScript that hold for the source root."""
        files = (folder / name for folder in (self.root, *self.root.parents) for name in _SETTINGS)
        return [file for file in files if file.is_file()][:1]

    def bundle(self, entries: Sequence[str], folder: Path, external: Iterable[str]) -> Bundle:
        """The bundle of these files, which stand in a temporary folder. `external` are addresses."""
        command = [self.program, *(f"{folder}/{name}" for name in entries), *_OPTIONS]
        command += [f"--outdir={folder}/out", f"--metafile={folder}/bundle.json"]
        command += [f"--tsconfig={file}" for file in self.settings]
        command += [f"--external:{address}" for address in sorted(set(external))]
        paths = os.pathsep.join(package_folders(self.root))
        try:
            done = subprocess.run(
                command,
                cwd=self.root,
                env={**os.environ, "NODE_PATH": paths},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Bundle(complaints=[Complaint(f"it did not come to an end within {SECONDS} seconds.")])
        except OSError as error:
            return Bundle(complaints=[Complaint(f"{self.program}: {error.strerror or error}.")])
        complaints = list(_complaints(done.stderr.decode("utf-8", "replace")))
        if not done.returncode:
            return self._read(folder, complaints)
        if not any(each.is_error for each in complaints):
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
            complaints.append(Complaint(lines[0] if lines else "it failed, and did not say why."))
        return Bundle(complaints=complaints)

    def _read(self, folder: Path, complaints: list[Complaint]) -> Bundle:
        said = json.loads((folder / "bundle.json").read_bytes())
        names = {path: os.path.basename(path) for path in said["outputs"]}
        return Bundle(
            files={name: (folder / "out" / name).read_text("utf-8") for name in names.values()},
            outputs={names[path]: output for path, output in said["outputs"].items()},
            inputs=said["inputs"],
            complaints=complaints,
        )


def package_folders(root: Path) -> list[str]:
    """Where the packages of a source root are installed, the nearest first (Node.js, "Loading from node_modules folders")."""
    folders = (folder / "node_modules" for folder in (root, *root.parents))
    return [str(folder) for folder in folders if folder.is_dir()]


def _complaints(text: str) -> Iterator[Complaint]:
    """What esbuild says on its error stream; the notes that it adds are left out."""
    for found in _COMPLAINT.finditer(text):
        message = found["message"] if found["message"].endswith((".", "!", "?")) else f"{found['message']}."
        is_error = found["kind"] == "ERROR"
        if found["path"] is None:
            yield Complaint(message, is_error=is_error)
        else:
            place = int(found["line"]), int(found["column"])
            yield Complaint(message, found["path"], *place, len(found["marks"]), is_error)
