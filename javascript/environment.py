"""The application that environment variables describe."""

from os import environ

from pyastro.javascript.application import Application
from pyastro.runtime.incoming import allowed_hosts, is_forwarding_trusted


def application_from(build: str) -> Application:
    """The application of a build's folder. `PYASTRO_ALLOWED_HOSTS` and `PYASTRO_TRUST_FORWARDED` mean what they do for ASGI."""
    return Application(
        build, allowed_hosts=allowed_hosts(environ), trust_forwarded=is_forwarding_trusted(environ)
    )
