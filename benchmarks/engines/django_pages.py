"""Django's templates, with includes as components."""

import django
from django.conf import settings
from django.template import Context, Engine

from benchmarks.contestants import Synchronous
from benchmarks.data import Data
from benchmarks.engines import TEMPLATES, renderers
from benchmarks.static_page import static_source

_LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.locmem.Loader"]


def load(data: Data) -> Synchronous:
    """Cached templates, as they are where `DEBUG` is off."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    static = {"static.html": "<!DOCTYPE html>\n" + static_source("{{{{ {} }}}}".format)}
    loaders = [("django.template.loaders.cached.Loader", [_LOADERS[0], (_LOADERS[1], static)])]
    engine = Engine(dirs=[str(TEMPLATES / "django")], loaders=loaders)

    def render(page: str, /, **props: object) -> str:
        html: str = engine.get_template(f"{page}.html").render(Context(props))
        return html

    return Synchronous("Django templates", django.__version__, renderers(render, data))
