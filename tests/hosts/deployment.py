"""`examples/anywhere`, built for a host, with pages more that only the tests ask for."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pyastro.adapters import find_adapter
from pyastro.cli import main
from tests.hosts import parts
from tests.hosts.running import Host, require, running

ANYWHERE = Path(__file__).parents[2] / "examples/anywhere"
ASKED = Path(__file__).parent / "asked"
STREAMING = ("slowly.astro", "ticks.py")
"""Those of its pages that are refused where nothing streams."""
SECRET = "a-secret-of-the-tests-that-is-long-enough"
"""What `PYASTRO_SECRET` is where the site runs."""


def built_for(adapter: str, folder: Path, *, session: str = "cookie", settings: str = "") -> Path:
    """The folder that `pyastro build` makes of the site for an adapter, with sessions kept by a driver.

    `settings` is added to the top of the configuration.
    """
    site = folder / "source"
    shutil.copytree(ANYWHERE, site)
    shutil.copytree(ASKED, site, dirs_exist_ok=True)
    if not find_adapter(adapter).capabilities.streams:
        for name in STREAMING:
            (site / "pages" / name).unlink()
    config = site / "pyastro.toml"
    text = re.sub(r'(?m)^adapter = ".*"$', f'adapter = "{adapter}"\n{settings}', config.read_text("utf-8"))
    config.write_text(text.replace('driver = "cookie"', f'driver = "{session}"'), "utf-8")
    with environment(PYASTRO_SECRET=SECRET):
        assert main(["build", str(site / "pages"), "-o", str(folder / "dist")]) == 0
    return folder / "dist"


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Variables that are set for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def previewed(adapter: str, *packages: str, oldest: tuple[int, int] = (3, 11)) -> Host:
    """`pyastro preview` of what `built_for` made, with the packages that are the host's real part."""
    command = "pyastro preview source/pages --out dist"
    secret = {"PYASTRO_SECRET": SECRET}
    return Host(adapter, command, "--port {port}", packages, environment=secret, oldest=oldest)


@contextmanager
def deployed(host: Host, folder: Path, *packages: str) -> Iterator[str]:
    """The address at which `previewed` answers, in a folder where the site is built. `packages` are those of npm that it needs."""
    require(host)
    for package in packages:
        parts.require_part(package)
    if packages:
        (folder / "node_modules").symlink_to(parts.node_modules())
    built_for(host.name, folder)
    own = parts.environment() if packages else {}
    with running(replace(host, environment={**own, **host.environment}), folder) as server:
        yield server.origin
