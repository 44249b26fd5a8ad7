"""`deno`: a program for `deno serve`, which runs the site in Pyodide."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import run

from pyastro.adapters.adapter import Compiled, Pack, Problem, Product
from pyastro.adapters.programs import find_program, run_program
from pyastro.adapters.pyodide import CAPABILITIES, PYODIDE, SITE, SNAPSHOT, check_packages, pack_pyodide
from pyastro.adapters.site_folder import PUBLIC
from pyastro.runtime.manifest import Manifest

_TITLE = "Deno"
_INSTALL = "Install it: `npm install deno`, or as deno.com says."
_MAY = ("--allow-env", "--allow-read", "--allow-net")
SERVE = ("serve", *_MAY, "--host={host}", "--port={port}", "main.mjs")
"""The arguments with which Deno serves a pack."""
_TASKS = {
    "snapshot": "deno run --allow-env --allow-read --allow-write snapshot.mjs",
    "start": " ".join(("deno serve", *_MAY, "main.mjs")),
}


class DenoAdapter:
    """Deno, on a machine of one's own or on Deno Deploy: pages are rendered on demand unless they were rendered ahead."""

    name = "deno"
    capabilities = CAPABILITIES
    public = f"{SITE}/{PUBLIC}"

    def check(self, compiled: Compiled) -> Sequence[Problem]:
        """An error for each package that Pyodide does not run."""
        return check_packages(compiled, _TITLE)

    def build(self, product: Product, pack: Pack) -> None:
        """The program, the site and its packages, and what tells Deno of the rest."""
        pack_pyodide(product, pack, _TITLE, "deno.mjs")
        settings = {
            "imports": {"pyodide": f"npm:pyodide@{PYODIDE}"},
            "tasks": _TASKS,
            # a request is aborted where its client leaves, and not when it is answered
            "unstable": ["no-legacy-abort"],
        }
        pack.write("deno.json", (json.dumps(settings, indent=2) + "\n").encode())

    def preview(
        self, folder: Path, manifest: Manifest, host: str, port: int, on_listening: Callable[[str], None]
    ) -> int:
        """Serve the pack with `deno serve`."""
        deno = find_program("deno", folder, _INSTALL)
        if not (folder / SNAPSHOT).exists():
            run(
                [deno, "task", "--quiet", "snapshot"], cwd=folder, check=False
            )  # without it, the start takes longer
        return run_program([deno, *SERVE], folder, host, port, on_listening)
