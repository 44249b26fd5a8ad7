"""The site alone: uvicorn alone:app, hypercorn alone:app, granian --interface asgi alone:app."""

from pathlib import Path

from pyastro.asgi import Application

app = Application(Path(__file__).with_name("build"))
