"""The application that environment variables describe."""

from collections.abc import Mapping

from pyastro.asgi.application import Application
from pyastro.runtime.incoming import allowed_hosts, is_forwarding_trusted


def application_from(environment: Mapping[str, str]) -> Application:
    """The application for `PYASTRO_BUILD`, the folder of the build: `build` where nothing is said.

    `PYASTRO_ALLOWED_HOSTS` lists names, with commas between them; `PYASTRO_TRUST_FORWARDED=1` believes a proxy.
    """
    return Application(
        environment.get("PYASTRO_BUILD", "build"),
        allowed_hosts=allowed_hosts(environment),
        trust_forwarded=is_forwarding_trusted(environment),
    )
