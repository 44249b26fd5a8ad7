"""Jinja2, with macros as components."""

import jinja2

from benchmarks.contestants import Synchronous
from benchmarks.data import Data
from benchmarks.engines import TEMPLATES, renderers
from benchmarks.static_page import static_source


def load(data: Data) -> Synchronous:
    """Autoescaping, and no look at the files' times."""
    static = jinja2.DictLoader({"static.html": "<!DOCTYPE html>\n" + static_source("{{{{ {} }}}}".format)})
    loader = jinja2.ChoiceLoader([static, jinja2.FileSystemLoader(TEMPLATES / "jinja")])
    environment = jinja2.Environment(loader=loader, autoescape=True, auto_reload=False)

    def render(page: str, /, **props: object) -> str:
        return environment.get_template(f"{page}.html").render(props)

    return Synchronous("Jinja2", jinja2.__version__, renderers(render, data))
