"""Colours for code, in both themes."""

from pyastro.content import highlight_css
from pyastro.runtime import Response


def GET() -> Response:
    """The style sheet."""
    light, dark = highlight_css("friendly"), highlight_css("native")
    css = f"""{light}
@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {dark} }} }}
:root[data-theme="dark"] {{ {dark} }}
"""
    return Response(css, headers={"content-type": "text/css; charset=utf-8"})
