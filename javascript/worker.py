"""The site as a Python Worker of Cloudflare's."""

import logging
from pathlib import Path
from typing import Any

from pyastro.javascript.environment import Opened, open_site
from pyastro.javascript.snapshot import resume

log = logging.getLogger("pyastro.javascript")


class Worker:
    """A site that a worker answers with. It is loaded with the first request, which brings the environment."""

    def __init__(self, folder: str | Path) -> None:
        """Make it of a build's folder."""
        self._folder = Path(folder)
        self._opened: Opened | None = None

    async def fetch(self, request: Any, environment: Any) -> Any:
        """A `Response` to a `Request`, both JavaScript's; `environment` holds the worker's variables and secrets."""
        opened = self._opened
        if opened is None:
            # Only requests for the worker's own names arrive.
            resume([("PYASTRO_ALLOWED_HOSTS", "*"), *_variables(environment)])
            opened = await open_site(str(self._folder))
        if opened.answer is None:
            from js import Response

            log.error("%s", opened.report)
            return Response.new("The site did not start.", status=500)
        # Two first requests at once both load it, since none may wait for what another one awaits; one is kept.
        self._opened = self._opened or opened
        return await opened.answer(request, request.headers.get("cf-connecting-ip") or None)


def _variables(environment: Any) -> list[tuple[str, str]]:
    """The variables and secrets among the bindings."""
    from js import Object

    pairs = [(pair[0], pair[1]) for pair in Object.entries(environment)]
    return [(name, value) for name, value in pairs if isinstance(value, str)]
