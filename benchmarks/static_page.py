"""The page that hardly changes, for every contestant from one source."""

import re
from collections.abc import Callable
from pathlib import Path

_VALUE = re.compile(r"\{(title|author|user|edition)\}")
_SOURCE = Path(__file__).parent / "pages/static.astro"


def static_source(value: Callable[[str], str]) -> str:
    """The HTML of the static page, its values spelt as a template language spells them: `{{ title }}` for Jinja."""
    html = _SOURCE.read_text("utf-8").split("---\n", 2)[2].replace('=f"', '="')
    return _VALUE.sub(lambda match: value(match[1]), html)
