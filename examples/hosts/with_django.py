"""A Django project with the site below /site, and a component in two of its own views: uvicorn with_django:app."""

from pathlib import Path

from asgiref.sync import async_to_sync
from build.components import Card
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from pyastro.asgi import Application
from pyastro.asgi.protocol import Receive, Scope, Send

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["localhost", "127.0.0.1"])


async def hello(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(await Card.render(title=f"Hello, {name}!"))


def hello_sync(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(async_to_sync(Card.render)(title=f"Hello, {name}!"))


urlpatterns = [path("hello/<name>", hello), path("hello-sync/<name>", hello_sync)]
django = get_asgi_application()
site = Application(Path(__file__).with_name("build"))


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Django does not know the lifespan protocol, so the site gets that, and what is below /site."""
    if scope["type"] == "lifespan":
        await site(scope, receive, send)
    elif f"{scope['path']}/".startswith("/site/"):
        await site({**scope, "root_path": "/site"}, receive, send)
    else:
        await django(scope, receive, send)
