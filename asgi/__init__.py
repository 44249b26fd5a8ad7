"""A site as an ASGI application, for uvicorn, hypercorn and granian, and for FastAPI, Starlette and Django.

    from pyastro.asgi import Application

    app = Application("build")

Without any code of one's own, `pyastro.asgi:app` is the application that the environment describes.
"""

from os import environ
from typing import TYPE_CHECKING

from pyastro.asgi.application import Application
from pyastro.asgi.environment import application_from

if TYPE_CHECKING:
    app: Application
else:

    def __getattr__(name: str) -> Application:
        """`app`, made when it is first asked for: to import the package must need no build."""
        if name != "app":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()["app"] = made = application_from(environ)
        return made


__all__ = ["Application", "application_from"]
