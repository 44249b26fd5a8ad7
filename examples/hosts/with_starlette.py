"""A Starlette application with the site below /site, and a component in a route of its own: uvicorn with_starlette:app."""

from pathlib import Path

from build.components import Card
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from pyastro.asgi import Application

site = Application(Path(__file__).with_name("build"))


async def hello(request: Request) -> HTMLResponse:
    return HTMLResponse(await Card.render(title=f"Hello, {request.path_params['name']}!"))


app = Starlette(routes=[Route("/hello/{name}", hello), Mount("/site", site)], lifespan=site.lifespan)
