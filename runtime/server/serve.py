"""Serving a build with aiohttp: what `pyastro serve` does."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyastro.runtime.server.running import make_site, run
from pyastro.runtime.server.settings import Settings
from pyastro.runtime.server.sockets import close, listen, url
from pyastro.runtime.server.workers import Supervisor
from pyastro.runtime.site import Site


def serve(
    build: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 4321,
    workers: int = 1,
    on_listening: Callable[[str], None] = lambda url: None,
    **settings: Any,
) -> int:
    """Serves a build until SIGTERM or SIGINT comes, and gives the exit status.

    `on_listening` is called with the site's URL once requests are answered; nothing is printed. `settings` are the
    other fields of Settings. The working directory comes first on the module path, as for a script that lies there.

    With several workers, a worker that cannot start ends everything with status 1, after it has printed why. With one,
    the exception passes: OSError for a port that is taken, ManifestError for a folder that is no build, or whatever a
    module of the site raised.
    """
    chosen = Settings(host=host, port=port, workers=workers, **settings)
    folder = Path(build).resolve()
    site = make_site(folder, chosen)
    sockets = listen(host, port)
    address = url(sockets, host)
    here = os.getcwd()
    sys.path.insert(0, here)
    try:
        if workers > 1:
            return Supervisor(folder, sockets, chosen).run(lambda: on_listening(address))
        run(site, sockets, chosen, lambda: on_listening(address))
        return 0
    finally:
        close(sockets)
        sys.path.remove(here)


def serve_files(
    site: Site, *, host: str, port: int, on_listening: Callable[[str], None] = lambda url: None
) -> int:
    """Serves a site that has no code, in this process, until SIGTERM or SIGINT comes, and gives the exit status.

    Raises OSError for a port that is taken.
    """
    sockets = listen(host, port)
    address = url(sockets, host)
    try:
        run(site, sockets, Settings(host=host, port=port), lambda: on_listening(address))
        return 0
    finally:
        close(sockets)
