"""What hosts of JavaScript share: the site and its packages beside a shell that runs them in Pyodide."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pyastro.adapters.adapter import Capabilities, Compiled, Pack, Problem, Product
from pyastro.adapters.site_folder import pack_files, pack_site
from pyastro.adapters.vendoring import Target, Vendored, vendored

PYODIDE = "314.0.6"
"""The version of the npm package: a snapshot is good for that alone."""
SITE, PACKAGES = "site", "python"
"""The folders of a pack for the site, and for packages."""
SNAPSHOT = "snapshot.bin"
"""The memory of an interpreter, which the shell goes on from where it is there. The host's own program makes it."""

CAPABILITIES = Capabilities(renders_on_demand=True, sessions=frozenset({"cookie"}))
"""There are files, but none that lasts, and no connection but HTTP."""
BEHIND_FILES = replace(CAPABILITIES, sends_files_alone=True, sends_headers=False, is_at_root=True)
"""The same behind a network that sends files itself."""

_HERE = Path(__file__).parent


def pyodide_target(name: str) -> Target:
    """Where packages run: CPython 3.14 as WebAssembly, on a host that is called so."""
    markers = {
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": "wasm32",
        "platform_system": "Emscripten",
        "python_full_version": "3.14.2",
        "python_version": "3.14",
        "sys_platform": "emscripten",
    }
    # The host encrypts itself, and asks other servers.
    return Target(name, markers=markers, replaced=frozenset({"aiohttp", "cryptography"}))


def check_packages(compiled: Compiled, name: str) -> Sequence[Problem]:
    """An error for each package that the site needs and Pyodide does not run."""
    return _packages(compiled, name).problems if compiled.on_demand else ()


def packages_of(compiled: Compiled, name: str) -> Mapping[str, Path | bytes]:
    """The files of the packages that a site needs there, by their path below a folder for packages."""
    return _packages(compiled, name).files


def pack_pyodide(
    product: Product,
    pack: Pack,
    name: str,
    shell: str,
    entry: str = "main.mjs",
    folder: str = "",
    *,
    sends_files: bool = True,
) -> None:
    """Put the site, its packages and what runs them into a folder of the pack.

    `shell` is our file for the host, which is called `entry` there.

    `sends_files` is that of `pack_site`.
    """
    prefix = f"{folder}/" if folder else ""
    pack_site(product, pack, f"{prefix}{SITE}", sends_files=sends_files)
    pack_files(packages_of(product, name), pack, f"{prefix}{PACKAGES}")
    for source, place in (
        (shell, entry),
        ("pyodide.mjs", "pyodide.mjs"),
        ("snapshot.mjs", "snapshot.mjs"),
    ):
        pack.copy(prefix + place, _HERE / source)


def _packages(compiled: Compiled, name: str) -> Vendored:
    own = ("pyastro.javascript", "pyastro.runtime")
    return vendored(compiled.build, compiled.manifest, pyodide_target(name), own=own)
