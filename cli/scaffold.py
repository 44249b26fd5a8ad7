"""What a new site begins with: the files of a template, filled in."""

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

TEMPLATES = {
    "minimal": "one page and one component",
    "blog": "a list of posts, a page for each, a feed",
    "shop": "products, a cart in the session, forms, an API",
}
_COMMON = "common"
_SUFFIX = ".jinja"
_DOT = "dot."  # a file that begins with a dot is easily lost on the way into a package


def write_site(template: str, folder: Path) -> list[str]:
    """Write the files of a template into a folder, and give their paths in it."""
    written = {}
    for part in (_COMMON, template):
        for path, source in _files(files("pyastro.cli") / "templates" / part):
            written[path] = _filled(source.read_text("utf-8"), template, folder.resolve().name)
    for path, text in written.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8", newline="\n")
    return sorted(written)


def _files(folder: Traversable, parent: str = "") -> Iterator[tuple[str, Traversable]]:
    """The files below a folder of templates, each by the path that it is to have."""
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        name = re.sub(f"^{re.escape(_DOT)}", ".", entry.name)
        if entry.is_dir():
            yield from _files(entry, f"{parent}{name}/")
        elif name.endswith(_SUFFIX):
            yield f"{parent}{name.removesuffix(_SUFFIX)}", entry


def _filled(text: str, template: str, name: str) -> str:
    """The text of a file for a site of this name. Braces are the site's own."""
    from jinja2 import Environment

    environment = Environment(
        variable_start_string="@(",
        variable_end_string=")@",
        block_start_string="@%",
        block_end_string="%@",
        comment_start_string="@#",
        comment_end_string="#@",
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # a name consists of letters and digits
    )
    words = re.findall(r"[A-Za-z0-9]+", name) or ["site"]
    return environment.from_string(text).render(
        template=template, name="-".join(words).lower(), title=" ".join(words).capitalize()
    )
