"""Colours for code, by Pygments: classes in the HTML, and the style sheet that they need."""

import re
from functools import cache
from html import escape
from typing import Any

from pygments import highlight as highlighted
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_CLASS = "highlight"
_FORMATTER: Any = HtmlFormatter(nowrap=True)
_LIKE = {"astro": "html", "built": "html"}
_FRONTMATTER = re.compile(r"(---\n)(.*?)(^---\n)(.*)", re.DOTALL | re.MULTILINE)
"""Languages that Pygments does not know, with the one that is nearest."""


def highlight(code: str, language: str) -> str:
    """The code as HTML, its tokens marked; "" for a language that Pygments does not know."""
    if _lexer(language) is None:
        return ""
    found = _FRONTMATTER.fullmatch(code) if language == "astro" else None
    if found is None:
        inner = _marked(code, language)
    else:
        fence, frontmatter, end, template = found.groups()
        inner = f"{fence}{_marked(frontmatter, 'python')}{end}{_marked(template, 'html')}"
    return f'<pre class="{_CLASS}"><code class="language-{escape(language)}">{inner}</code></pre>\n'


def _marked(code: str, language: str) -> str:
    """Code in a language that is known, its tokens marked."""
    if not code:
        return ""
    marked: str = highlighted(code, _lexer(language), _FORMATTER)
    # what Pygments does not understand is no mistake of ours
    return marked.replace('<span class="err">', "<span>")


@cache
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(_LIKE.get(language, language), stripnl=False)
    except ClassNotFound:
        return None


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
