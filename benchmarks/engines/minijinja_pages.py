"""minijinja, a template engine in Rust, with the templates of Jinja2."""

from importlib.metadata import version

import minijinja

from benchmarks.contestants import Synchronous
from benchmarks.data import Data
from benchmarks.engines import TEMPLATES, renderers
from benchmarks.static_page import static_source


def load(data: Data) -> Synchronous:
    """Escaping follows from the names of the templates, as is its default."""
    environment = minijinja.Environment()
    for file in (TEMPLATES / "jinja").glob("*.html"):
        environment.add_template(file.name, file.read_text("utf-8"))
    environment.add_template("static.html", "<!DOCTYPE html>\n" + static_source("{{{{ {} }}}}".format))

    def render(page: str, /, **props: object) -> str:
        return environment.render_template(f"{page}.html", **props)

    return Synchronous("minijinja", version("minijinja"), renderers(render, data))
