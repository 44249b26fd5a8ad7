"""The libraries that shape what a build holds, as they are installed."""

import os
import sys
from functools import cache

_LIBRARIES = (
    "black",
    "jinja2",
    "lark",
    "libsass",
    "markdown_it_py",
    "mdit_py_plugins",
    "minify_html",
    "pillow",
    "pygments",
    "pyyaml",
    "tinycss2",
)


@cache
def installed() -> dict[str, str]:
    """Those that are installed, with their versions: `black-25.1.0`.

    Their folders tell it by their names; `importlib.metadata` takes longer to load than a run that changes nothing.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        names = os.listdir(folder) if os.path.isdir(folder) else []
        for name in names:
            library = name.partition("-")[0].lower()
            if name.endswith(".dist-info") and library in _LIBRARIES:
                found.setdefault(library, name.removesuffix(".dist-info"))
    return found
