"""Colours for code."""

from pyastro.content import highlight_css
from pyastro.runtime import Response


def GET() -> Response:
    """The style sheet."""
    css = highlight_css("default", dark="monokai")
    return Response(css, headers={"content-type": "text/css; charset=utf-8"})
