"""`static`: files for any web server or host of files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from pyastro.adapters.adapter import Capabilities, Compiled, Pack, Problem, Product
from pyastro.adapters.host_rules import pack_rules
from pyastro.runtime.context import Context
from pyastro.runtime.loading import Build
from pyastro.runtime.manifest import Manifest, Prerendered, PublicFile
from pyastro.runtime.response import Response
from pyastro.runtime.routing import Match
from pyastro.runtime.security import SecuritySettings
from pyastro.runtime.sessions import MemoryStore, SessionSettings
from pyastro.runtime.sessions.visits import Visits
from pyastro.runtime.site import Site

_INDEX = "index.html"


class StaticAdapter:
    """Files alone: nothing runs when a page is asked for."""

    name = "static"
    capabilities = Capabilities(renders_on_demand=False, sends_headers=False)
    public = ""

    def check(self, compiled: Compiled) -> Sequence[Problem]:
        """What its capabilities tell is all."""
        return []

    def build(self, product: Product, pack: Pack) -> None:
        """What hosts of files are told besides, unless `public/` tells it."""
        pack_rules(product, pack, with_redirects=True)

    def preview(
        self, folder: Path, manifest: Manifest, host: str, port: int, on_listening: Callable[[str], None]
    ) -> int:
        """Serve the files as hosts of files do: `/about` is `about/index.html` or `about.html`, others are `404.html`."""
        from pyastro.runtime.server import serve_files

        return serve_files(FileSite(folder, manifest), host=host, port=port, on_listening=on_listening)


class FileSite(Site):
    """A folder of files as a site, for looking at it."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        files = tuple(_public_files(folder))
        shown = Manifest(
            public=files,
            config=replace(manifest.config, security=SecuritySettings()),  # files are sent without
            prerendered={path: Prerendered(file.path) for file in files for path in _paths(file.path)},
        )
        visits = Visits(SessionSettings(), MemoryStore())
        super().__init__(Build(folder), shown, visits, public=folder)
        self._not_found = folder / "404.html"

    async def respond(self, context: Context, match: Match | None) -> Response:
        """The page for paths that no file answers."""
        if not self._not_found.is_file():
            return await super().respond(context, match)
        body = self._not_found.read_bytes()
        return Response(body, 404, headers={"content-type": "text/html; charset=utf-8"})


def _public_files(folder: Path) -> Iterator[PublicFile]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            yield PublicFile(path.relative_to(folder).as_posix(), len(data), sha256(data).hexdigest())


def _paths(file: str) -> Iterator[str]:
    """The paths that a file answers besides its own."""
    if file == _INDEX or file.endswith(f"/{_INDEX}"):
        yield "/" + file.removesuffix(_INDEX).rstrip("/")
    elif file.endswith(".html"):
        yield "/" + file.removesuffix(".html")
