"""`examples/anywhere`, built for a host."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyastro.cli import main
from tests.hosts.running import Host

ANYWHERE = Path(__file__).parents[2] / "examples/anywhere"
SECRET = "a-secret-of-the-tests-that-is-long-enough"
"""What `PYASTRO_SECRET` is where the site runs."""


def built_for(adapter: str, folder: Path, *, session: str = "cookie", settings: str = "") -> Path:
    """The folder that `pyastro build` makes of the site for an adapter, with sessions kept by a driver.

    `settings` is added to the top of the configuration.
    """
    site = folder / "source"
    shutil.copytree(ANYWHERE, site)
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
