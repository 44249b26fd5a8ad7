"""A site behind the Fetch standard of JavaScript, for hosts that run Python as WebAssembly (Pyodide): its `Request` in,
its `Response` out.

    from pyastro.javascript import Application

    application = Application("/site")
    response = await application.fetch(request)
"""

from pyastro.javascript.application import Application
from pyastro.javascript.environment import open_site
from pyastro.javascript.snapshot import prepare, resume

__all__ = ["Application", "open_site", "prepare", "resume"]
