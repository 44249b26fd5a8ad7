"""Pages, style sheets and scripts in a shorter form, through the package minify-html. It knows neither the compiler nor the runtime."""

from pyastro.minify.files import minified_file
from pyastro.minify.pages import MinifierMissing, minified_page

__all__ = ["MinifierMissing", "minified_file", "minified_page"]
