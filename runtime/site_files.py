"""The files that a site answers with: those of `public/`, and the pages that were rendered ahead."""

from collections.abc import Sequence
from pathlib import Path

from pyastro.runtime.manifest import Manifest
from pyastro.runtime.redirects import permanent
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response
from pyastro.runtime.static import StaticFiles, static_methods
from pyastro.runtime.trailing_slash import with_slash
from pyastro.runtime.url import path_segments

_INDEX = "index.html"


class SiteFiles:
    """Answers with files. A path is that of a request, below the base, in decoded segments."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._static = StaticFiles(folder, manifest.public, manifest.config.security)
        self._policy = manifest.config.trailing_slash
        self._prerendered = {path_segments(path): known for path, known in manifest.prerendered.items()}
        self._headers = {known.file: known.headers for known in manifest.prerendered.values()}

    def has(self, path: Sequence[str]) -> bool:
        """Whether a file has this path."""
        return self._static.find(path) is not None

    def has_ahead(self, path: tuple[str, ...]) -> bool:
        """Whether this path was rendered ahead."""
        return _without_slash(path) in self._prerendered

    async def named(self, request: Request, path: Sequence[str], *, has_route: bool) -> Response | None:
        """The file of a path; None where there is none, or where a route answers the method, as no file does."""
        file = self._static.find(path)
        if file is None:
            return None
        if request.method not in ("GET", "HEAD"):
            return None if has_route else static_methods(request.method)
        response = await self._static.respond(request, file)
        if response is not None:  # of a page that was rendered ahead, the headers that it set then
            for name, value in self._headers.get(file.file.path, {}).items():
                response.headers[name] = value
        return response

    async def rendered_ahead(self, request: Request, path: tuple[str, ...]) -> Response | None:
        """The file that answers a path that was rendered ahead; middleware had its say then."""
        known = self._prerendered.get(_without_slash(path))
        return None if known is None else await self.named(request, known.file.split("/"), has_route=False)

    async def index(self, request: Request, path: tuple[str, ...]) -> Response | None:
        """The `index.html` of a folder, at an address with a slash at its end: else its relative links lead astray."""
        file = (*_without_slash(path), _INDEX)
        if self._static.find(file) is None:
            return None
        if path and path[-1] != "" and self._policy != "never":
            return Response(None, permanent(request.method), headers={"location": with_slash(request.url)})
        return await self.named(request, file, has_route=False)


def _without_slash(path: tuple[str, ...]) -> tuple[str, ...]:
    return path[:-1] if path and path[-1] == "" else path
