"""The site that environment variables describe."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from os import environ
from typing import Any

from pyastro.javascript.application import Application
from pyastro.runtime.errors import SetupError
from pyastro.runtime.incoming import allowed_hosts, is_forwarding_trusted
from pyastro.runtime.manifest import ManifestError


async def _nothing() -> None:
    """There is nothing to stop."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A site that was started, or why it was not."""

    answer: Callable[..., Coroutine[Any, Any, Any]] | None = None
    """See `Application.fetch`."""
    stop: Callable[[], Coroutine[Any, Any, None]] = _nothing
    report: str | None = None
    """What is wrong, to be shown to its author."""


async def open_site(build: str) -> Opened:
    """Start the site of a build's folder.

    `PYASTRO_ALLOWED_HOSTS` and `PYASTRO_TRUST_FORWARDED` mean what they do for ASGI.
    """
    try:
        application = Application(
            build, allowed_hosts=allowed_hosts(environ), trust_forwarded=is_forwarding_trusted(environ)
        )
    except (ManifestError, SetupError) as error:
        return Opened(report=f"The site did not start: {error}")
    report = await application.start()
    return Opened(report=report) if report else Opened(application.fetch, application.stop)
