"""`netlify`: files for Netlify's network, and where pages are rendered on demand, a function that runs the site in Pyodide."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from pyastro.adapters.adapter import Compiled, Pack, Problem, Product
from pyastro.adapters.host_rules import pack_rules
from pyastro.adapters.pyodide import BEHIND_FILES, PYODIDE, check_packages, pack_pyodide
from pyastro.adapters.site_folder import PUBLIC
from pyastro.runtime.manifest import Manifest

FUNCTION = "functions/site"
MODULES = "node_modules"
PYODIDE_FILES = (
    "package.json",
    "pyodide-lock.json",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "pyodide.mjs",
    "python_stdlib.zip",
)
"""What Pyodide needs under Node."""
SETTINGS = f"""\
# For `netlify deploy` in this folder. Written by pyastro.
[build]
publish = "{PUBLIC}"

[functions]
directory = "functions"
"""

_TITLE = "Netlify"


class NetlifyAdapter:
    """Netlify: files from its network, pages from a function of Node's."""

    name = "netlify"
    capabilities = BEHIND_FILES
    public = PUBLIC

    def check(self, compiled: Compiled) -> Sequence[Problem]:
        """An error for each package that Pyodide does not run, and where Pyodide is not installed."""
        if not compiled.on_demand:
            return []
        return [*check_packages(compiled, _TITLE), *_without_pyodide(_pyodide(compiled.build))]

    def build(self, product: Product, pack: Pack) -> None:
        """What the network is told, and the function where one is needed."""
        if product.on_demand:
            pack_pyodide(product, pack, _TITLE, "netlify.mjs", "site.mjs", FUNCTION, sends_files=False)
            installed = _pyodide(product.build)
            for name in PYODIDE_FILES:
                pack.copy(f"{FUNCTION}/{MODULES}/pyodide/{name}", installed / name)
        pack_rules(product, pack, PUBLIC, with_redirects=not product.on_demand)
        pack.write("netlify.toml", SETTINGS.encode())

    def preview(
        self, folder: Path, manifest: Manifest, host: str, port: int, on_listening: Callable[[str], None]
    ) -> int:
        """Bundle the function with Netlify's own bundler, and run what comes of it, with the files before it."""
        from pyastro.adapters.netlify_preview import preview

        return preview(folder, host, port, on_listening)


def _pyodide(build: Path) -> Path:
    """The folder of the npm package, which is looked for as Node does: beside the site, and in each folder above."""
    found = (each / MODULES / "pyodide" for each in build.parents)
    return next((folder for folder in found if folder.is_dir()), Path(MODULES, "pyodide"))


def _without_pyodide(folder: Path) -> Sequence[Problem]:
    """An error where the package is missing, or of another version than the one that was tried."""
    try:
        found = json.loads((folder / "package.json").read_bytes())["version"]
    except (OSError, ValueError, KeyError):
        message = "The function needs the npm package pyodide, which is not installed here."
    else:
        if found == PYODIDE:
            return []
        message = (
            f"The function needs version {PYODIDE} of the npm package pyodide, and {found} is installed."
        )
    return [Problem(message, f"Install it beside the site: `npm install pyodide@{PYODIDE}`.", is_local=True)]
