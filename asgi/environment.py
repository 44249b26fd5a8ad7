"""The application that environment variables describe."""

from collections.abc import Mapping

from pyastro.asgi.application import Application


def application_from(environment: Mapping[str, str]) -> Application:
    """The application for `PYASTRO_BUILD`, the folder of the build: `build` where nothing is said.

    `PYASTRO_ALLOWED_HOSTS` lists names, with commas between them; `PYASTRO_TRUST_FORWARDED=1` believes a proxy.
    """
    hosts = environment.get("PYASTRO_ALLOWED_HOSTS", "").split(",")
    return Application(
        environment.get("PYASTRO_BUILD", "build"),
        allowed_hosts=[host.strip() for host in hosts if host.strip()],
        trust_forwarded=environment.get("PYASTRO_TRUST_FORWARDED", "") not in ("", "0"),
    )
