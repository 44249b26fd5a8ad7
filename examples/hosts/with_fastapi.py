"""A FastAPI application with the site below /site, and a component in a route of its own: uvicorn with_fastapi:app."""

from pathlib import Path

from build.components import Card
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from pyastro.asgi import Application

site = Application(Path(__file__).with_name("build"))
app = FastAPI(lifespan=site.lifespan)


@app.get("/hello/{name}", response_class=HTMLResponse)
async def hello(name: str) -> str:
    return await Card.render(title=f"Hello, {name}!")


app.mount("/site", site)
