"""`vercel`: a project of Vercel's Python runtime, with files for its network, and one function for all else.

The function's entry is an `app` of ASGI. The runtime tells such an application by its form: an async callable with
exactly three parameters. Packages of others stand in `pyproject.toml`, so that Vercel installs those of its own platform.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyastro.adapters.adapter import Capabilities, Compiled, Pack, Problem, Product
from pyastro.adapters.public_headers import IMMUTABLE_HEADERS, page_headers, site_headers
from pyastro.adapters.site_folder import PUBLIC, pack_files, pack_site
from pyastro.adapters.vendoring import Target, Vendored, vendored
from pyastro.runtime.manifest import Manifest
from pyastro.runtime.static import IMMUTABLE_FOLDER

BUILD = "compiled"
PACKAGES = "packages"
OLDEST_PYTHON = (3, 12)
"""What the platform has at least."""

_LEFT_OUT = frozenset(("public", "venv", ".venv", "node_modules"))
"""Folders that the platform leaves out of a function, wherever they lie."""

APP = f'''\
"""The site as an ASGI application, for Vercel's Python runtime."""

import sys
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER / "{PACKAGES}"))

from pyastro.asgi import Application

# Only requests for the project's own domains get here, with what the network says of their senders.
app = Application(FOLDER / "{BUILD}", trust_forwarded=True, allowed_hosts=["*"])
'''


class VercelAdapter:
    """Vercel: files from its network, pages from a function."""

    name = "vercel"
    capabilities = Capabilities(
        renders_on_demand=True,
        sends_headers=False,
        is_at_root=True,
        sessions=frozenset(("cookie", "redis")),
    )
    public = PUBLIC

    def check(self, compiled: Compiled) -> Sequence[Problem]:
        """Packages that are missing, and folders that would not arrive."""
        return [*_vendored(compiled).problems, *_lost_folders(compiled.build)]

    def build(self, product: Product, pack: Pack) -> None:
        """The function's source, and the settings of the project."""
        found = _vendored(product)
        edited = {
            path: file for each in found.packages if each.is_edited for path, file in each.files.items()
        }
        pack_site(product, pack, BUILD, sends_files=False)
        pack_files({**edited, **found.own}, pack, PACKAGES)
        pack.write("app.py", APP.encode())
        pack.write("pyproject.toml", _project(found).encode())
        pack.write("vercel.json", (json.dumps(_settings(product), indent=2) + "\n").encode())

    def preview(
        self, folder: Path, manifest: Manifest, host: str, port: int, on_listening: Callable[[str], None]
    ) -> int:
        """Run the function with Vercel's runtime, and what lies in front of it."""
        from pyastro.adapters.vercel_preview import preview

        return preview(folder, host, port, on_listening)


def _vendored(compiled: Compiled) -> Vendored:
    target = Target("Vercel", runs=lambda package: True)  # Vercel installs those of its own platform
    return vendored(compiled.build, compiled.manifest, target, own=("pyastro.asgi",))


def _lost_folders(build: Path) -> list[Problem]:
    found = (path.relative_to(build) for path in sorted(build.rglob("*")) if path.is_dir())
    return [
        Problem(
            f"Vercel leaves folders called {path.name} out of a function, and the build has {path.as_posix()}.",
            "Give the folder beside your pages another name.",
        )
        for path in found
        if path.name in _LEFT_OUT and path.as_posix() != PUBLIC
    ]


def _project(found: Vendored) -> str:
    """The project as uv and the runtime read it."""
    version = max(OLDEST_PYTHON, sys.version_info[:2])
    pinned = [f"{each.name}=={each.version}" for each in found.packages if not each.is_edited]
    return (
        '[project]\nname = "site"\nversion = "0"\n'
        f'requires-python = ">={version[0]}.{version[1]}"\n'
        f"dependencies = {json.dumps(pinned, indent=4)}\n\n"
        '[tool.vercel]\nentrypoint = "app:app"\n'
    )


def _settings(product: Product) -> Mapping[str, Any]:
    """What the network is told of files: it sends them without asking the function."""
    config = product.manifest.config
    rules: list[dict[str, Any]] = []
    everywhere = site_headers(config)
    if everywhere:
        rules.append(_rule("/(.*)", everywhere))
    rules.append(_rule(f"{config.base.rstrip('/')}/{IMMUTABLE_FOLDER}/(.*)", IMMUTABLE_HEADERS))
    rules += [_rule(_literal(path), headers) for path, headers in page_headers(product).items()]
    slashes = {"always": {"trailingSlash": True}, "never": {"trailingSlash": False}}
    return {
        "$schema": "https://openapi.vercel.sh/vercel.json",
        "cleanUrls": True,
        **slashes.get(config.trailing_slash, {}),
        "headers": rules,
    }


def _rule(source: str, headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "source": source,
        "headers": [{"key": name, "value": value} for name, value in headers.items()],
    }


def _literal(path: str) -> str:
    """A path as a pattern that stands for itself alone (path-to-regexp)."""
    return "".join(f"\\{c}" if c in "\\()[]{}?*+:.!" else c for c in path)
