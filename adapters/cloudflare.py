"""`cloudflare`: files for Cloudflare's network, and where pages are rendered on demand, a Python Worker."""

import json
import re
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from pyastro.adapters.adapter import Compiled, Pack, Problem, Product
from pyastro.adapters.distributions import package_of
from pyastro.adapters.host_rules import pack_rules
from pyastro.adapters.pyodide import BEHIND_FILES, check_packages, packages_of
from pyastro.adapters.site_folder import PUBLIC, pack_files, pack_site
from pyastro.runtime.manifest import Manifest

COMPATIBILITY_DATE = "2026-10-01"
COMPATIBILITY_FLAGS = ("python_workers", "enable_request_signal")
MODULES = "python_modules"
"""The folder whose modules can be imported, as Cloudflare's own tools fill it."""
SITE = f"{MODULES}/pyastro_site"
ENTRY = "src/entry.py"
SDK = "workers-runtime-sdk"
ENTRY_TEXT = '''\
"""The site as a Python Worker. Written by pyastro."""

from pathlib import Path

import pyastro.javascript
from pyastro.javascript.worker import Worker
from workers import WorkerEntrypoint, import_from_javascript

SITE = Worker(Path(pyastro.javascript.__file__).parents[2] / "pyastro_site")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        environment = import_from_javascript("cloudflare:workers").env
        return await SITE.fetch(request.js_object, environment)
'''

_TITLE = "Cloudflare"


class CloudflareAdapter:
    """Cloudflare Workers: files from its network, pages from a worker."""

    name = "cloudflare"
    capabilities = BEHIND_FILES
    public = PUBLIC

    def check(self, compiled: Compiled) -> Sequence[Problem]:
        """An error for each package that Pyodide does not run, and where Cloudflare's own is not installed."""
        if not compiled.on_demand:
            return []
        return [*check_packages(compiled, _TITLE), *_without_sdk()]

    def build(self, product: Product, pack: Pack) -> None:
        """What the network is told, and the worker where one is needed."""
        if product.on_demand:
            pack_site(product, pack, SITE, sends_files=False)
            packages = {**packages_of(product, _TITLE), **package_of(distribution(SDK)).files}
            pack_files(packages, pack, MODULES)
            pack.write(ENTRY, ENTRY_TEXT.encode())
        pack_rules(product, pack, PUBLIC, with_redirects=not product.on_demand)
        pack.write("wrangler.jsonc", (json.dumps(_settings(product), indent=2) + "\n").encode())

    def preview(
        self, folder: Path, manifest: Manifest, host: str, port: int, on_listening: Callable[[str], None]
    ) -> int:
        """Run the worker under workerd, with the files before it."""
        from pyastro.adapters.cloudflare_preview import preview

        return preview(folder, host, port, on_listening)


def _settings(product: Product) -> dict[str, Any]:
    """The settings of wrangler, which deploys the pack."""
    files: dict[str, Any] = {"directory": PUBLIC}
    settings: dict[str, Any] = {"name": _name(product), "compatibility_date": COMPATIBILITY_DATE}
    if product.on_demand:
        settings.update(main=ENTRY, compatibility_flags=list(COMPATIBILITY_FLAGS))
    else:
        files["not_found_handling"] = "404-page"
    return {**settings, "assets": files}


def _name(product: Product) -> str:
    """What the worker is called: after the site's host, or the folder that the site lies in."""
    site = product.manifest.config.site
    words = site.partition("://")[2] if site else product.build.parents[1].name
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:54].strip("-") or "site"


def _without_sdk() -> Sequence[Problem]:
    try:
        distribution(SDK)
    except PackageNotFoundError:
        message = f"The worker needs the package {SDK}, which is not installed."
        return [Problem(message, f"Install it: `pip install {SDK}`.", is_local=True)]
    return []
