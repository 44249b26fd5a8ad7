"""Components in the views of a Flask application: flask --app with_flask run."""

import asyncio

from build.components import Card, Here
from flask import Flask, render_template_string, request

from pyastro.runtime import Astro, Request

app = Flask(__name__)


@app.get("/hello/<name>")
def hello(name: str) -> str:
    return asyncio.run(Card.render(title=f"Hello, {name}!"))


@app.get("/hello-async/<name>")
async def hello_async(name: str) -> str:
    return await Card.render(title=f"Hello, {name}!")


@app.get("/hello-jinja/<name>")
async def hello_jinja(name: str) -> str:
    here = await Here.render(Astro(Request(request.method, request.url, request.headers)))
    card = await Card.render(None, {"default": here}, title=f"Hello, {name}!")
    return render_template_string("<main>{{ card }}</main>", card=card)
