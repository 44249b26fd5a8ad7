"""Colours for code, by Pygments: classes in the HTML, and the style sheet that they need."""

from typing import Any

from pygments import highlight as highlighted
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_CLASS = "highlight"


def highlight(code: str, language: str) -> str:
    """The code as HTML, its tokens marked; "" for a language that Pygments does not know."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return ""
    inner: str = highlighted(code, lexer, HtmlFormatter(nowrap=True))
    return f'<pre class="{_CLASS}"><code class="language-{language}">{inner}</code></pre>\n'


def highlight_css(style: str = "default", dark: str | None = None) -> str:
    """The rules for a Pygments style, and for another one where the visitor prefers dark colours.

    Raises pygments.util.ClassNotFound for a style that Pygments does not have.
    """
    css = _rules(style)
    return css if dark is None else f"{css}\n@media (prefers-color-scheme: dark) {{\n{_rules(dark)}\n}}"


def _rules(style: str) -> str:
    formatter: Any = HtmlFormatter(style=style)
    text: str = formatter.get_style_defs(f".{_CLASS}")
    return "\n".join(line for line in text.splitlines() if line.startswith(f".{_CLASS}"))
