"""A page in Markdown, as the component that it is: its layout around its HTML.

The text is rendered now, so that a compiled page needs nothing of it. The component knows of each of its lines which one of the
text it stands for, so that what is said against it points there.
"""

import math
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from pyastro.compiler.diagnostics import CompileError, Diagnostic
from pyastro.compiler.project import messages
from pyastro.compiler.project.naming import python_name
from pyastro.compiler.source import Source

if TYPE_CHECKING:
    from pyastro.markdown import Document, Rendered
    from pyastro.markdown.places import Image

MARKDOWN = ".md"
_LAYOUT = "MarkdownLayout"
_IMAGE = "MarkdownImage"
_NEW_LINE = "<Fragment\n/>"
"""Begins a line in the component, and none in the page."""

_Chunk = tuple[str, int]
"""Some of the component's text, and the line of the file for what of it begins a line."""


def as_component(source: Source) -> Source:
    """The same source with the text of a component, if it is Markdown. Raises CompileError for front matter that cannot be read."""
    if not source.path.endswith(MARKDOWN):
        return source
    try:
        from pyastro.markdown import FrontMatterError, read_document
    except ImportError as error:
        raise CompileError([messages.markdown_package(source.path, str(error.name))]) from None
    try:
        document = read_document(source.text)
    except FrontMatterError as error:
        raise CompileError(
            [messages.front_matter(source.path, error.line, error.column, str(error))]
        ) from None
    chunks = list(_Page(source.path, document).chunks())
    text = "".join(part for part, _ in chunks)
    lines = [1, *(line for part, line in chunks for _ in range(part.count("\n")))]
    return Source(source.path, text, source.data, lines=tuple(lines))


def as_component_safely(source: Source) -> Source | list[Diagnostic]:
    """As `as_component`, or what is wrong with the source."""
    try:
        return as_component(source)
    except CompileError as error:
        return error.diagnostics


def told(diagnostic: Diagnostic) -> Diagnostic:
    """What is said of a component made of Markdown, in words of the text that its author knows: the line is the same there."""
    if not diagnostic.path.endswith(MARKDOWN) or diagnostic.code == "front-matter":
        return diagnostic
    return diagnostic._replace(column=1, end_column=None)


class _Page:
    """Writes the component."""

    def __init__(self, path: str, document: "Document") -> None:
        self.path = path
        self.document = document
        self.components = self._checked_components()

    def chunks(self) -> Iterator[_Chunk]:
        """The component's text, in pieces."""
        from pyastro.markdown import render

        rendered = render(self.document.body)
        data = self.document.data
        self._check_values(data)
        layout = data.get("layout")
        yield "---", 1
        if layout is not None:
            yield self._import("layout", layout, _LAYOUT)
        yield from self._imports()
        if rendered.images:
            yield f"\nfrom pyastro.assets import Image as {_IMAGE}", 1
        yield "\nimport datetime\nfrom pyastro.runtime.headings import Heading", 1
        if "prerender" in data:
            yield f"\nprerender = {data['prerender']!r}", self._line("prerender")
        headings = ", ".join(f"Heading({d!r}, {slug!r}, {text!r})" for d, slug, text in rendered.headings)
        yield f"\nfrontmatter = {dict(data)!r}\nheadings = [{headings}]", 1
        yield from self._without_layout(rendered) if layout is None else self._with_layout(rendered)
        yield "\n", 1

    def _without_layout(self, rendered: "Rendered") -> Iterator[_Chunk]:
        title = "<title>{frontmatter['title']}</title>" if self.document.data.get("title") else ""
        yield f'\n---\n<meta charset="utf-8">{title}\n', 1
        yield from self._content(rendered)

    def _with_layout(self, rendered: "Rendered") -> Iterator[_Chunk]:
        given = (
            "{'frontmatter': frontmatter, 'headings': headings, 'url': Astro.url.path, "
            f"'file': {self.path!r}}}"
        )
        yield f"\ngiven = {given}", 1
        yield (
            f"\nprops = {{name: value for name, value in given.items() if {_LAYOUT}.render.accepts(name)}}",
            1,
        )
        yield f"\n---\n<{_LAYOUT} {{**props}}>", self._line("layout")
        yield from self._content(rendered)
        yield f"</{_LAYOUT}>", 1

    def _imports(self) -> Iterator[_Chunk]:
        for name, target in self.components.items():
            yield self._import(f"components.{name}", target, name)

    def _import(self, key: str, target: object, name: str) -> _Chunk:
        """The import of a component that the front matter names by its path, in the line that names it."""
        if not isinstance(target, str) or not re.fullmatch(r"[./\w\[\] -]+\.astro", target):
            raise self._error(
                key,
                f"`{key.partition('.')[0]}` names a component by its path, such as `../layouts/Post.astro`",
            )
        folders = self.path.split("/")[:-1]
        *way, file = target.removeprefix("/").split("/")
        places = [] if target.startswith("/") else list(folders)
        for part in way:
            if part == ".." and places:
                places.pop()
            elif part not in (".", ""):
                places.append(part)
        dots = "." * (len(folders) + 1)
        module = ".".join(map(python_name, places))
        component = python_name(file.removesuffix(".astro"))
        return f"\nfrom {dots}{module} import {component} as {name}", self._line(key)

    def _checked_components(self) -> Mapping[str, str]:
        found = self.document.data.get("components", {})
        if not isinstance(found, dict) or not all(
            isinstance(n, str) and n.isidentifier() and n[:1].isupper() for n in found
        ):
            raise self._error(
                "components", "`components` maps names to paths: `Note: ../components/Note.astro`"
            )
        return found

    def _check_values(self, data: Mapping[str, Any]) -> None:
        if not isinstance(data.get("prerender", True), bool):
            raise self._error("prerender", "`prerender` is `true` or `false`")
        for key, value in data.items():
            if any(isinstance(each, float) and not math.isfinite(each) for each in _values(value)):
                raise self._error(key, f"`{key}` holds a number that is not finite")

    def _content(self, rendered: "Rendered") -> Iterator[_Chunk]:
        """The HTML as it is, images of the site, and tags of components as such."""
        from pyastro.markdown import Html, Open, Picture, split_tags

        above = self.document.first_line - 1
        for piece in split_tags(rendered, self.components):
            match piece:
                case Html(text):
                    yield f'<Fragment set:html="{escape(text)}" />', self.document.first_line
                case Picture(image):
                    yield f"{_NEW_LINE}<{_IMAGE} {_image_attributes(image)} />", piece.line + above
                case Open(text=text):
                    yield f"{_NEW_LINE}{text}", piece.line + above
                case _:
                    yield f"{_NEW_LINE}</{piece.name}>", piece.line + above

    def _line(self, key: str) -> int:
        """The line of a key of the front matter; that of what holds it where its own is not known."""
        lines = self.document.lines
        return lines.get(key) or lines.get(key.partition(".")[0], 1)

    def _error(self, key: str, sentence: str) -> CompileError:
        problem: Diagnostic = messages.front_matter(self.path, self._line(key), 1, sentence)
        return CompileError([problem])


def _image_attributes(image: "Image") -> str:
    """The attributes of the tag that shows an image."""
    title = f' title="{escape(image.title)}"' if image.title else ""
    return f'src={{asset({image.path!r})}} alt="{escape(image.alt)}"{title}'


def _values(value: object) -> Iterator[object]:
    """A value and all that it holds."""
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _values(each)
