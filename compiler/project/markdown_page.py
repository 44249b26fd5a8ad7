"""A page in Markdown, as the component that it is: its layout around its HTML.

The text is rendered now, so that a compiled page needs nothing of it. The import of the layout stands in the line of the front
matter that names it, so that what is said against it points there.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

from pyastro.compiler.diagnostics import CompileError, Diagnostic
from pyastro.compiler.project import messages
from pyastro.compiler.project.naming import python_name
from pyastro.compiler.source import Source

if TYPE_CHECKING:
    from pyastro.markdown import Document

MARKDOWN = ".md"
_LAYOUT = "MarkdownLayout"


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
    return Source(source.path, _Page(source.path, document).text(), source.data)


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
    return replace(diagnostic, column=1, end_column=None)


class _Page:
    """Writes the component."""

    def __init__(self, path: str, document: "Document") -> None:
        self.path = path
        self.document = document
        self.components = self._checked_components()

    def text(self) -> str:
        """The component's text."""
        from pyastro.markdown import render

        rendered = render(self.document.body)
        data = self.document.data
        self._check_values(data)
        layout = data.get("layout")
        lines: list[str] = []
        if layout is not None:
            lines += [""] * (self.document.lines.get("layout", 2) - 2)
            lines.append(self._import("layout", layout, _LAYOUT))
        lines += ["import datetime", "from pyastro.runtime.headings import Heading", *self._imports()]
        if "prerender" in data:
            lines.append(f"prerender = {data['prerender']!r}")
        headings = ", ".join(f"Heading({d!r}, {slug!r}, {text!r})" for d, slug, text in rendered.headings)
        lines += [f"frontmatter = {dict(data)!r}", f"headings = [{headings}]"]
        content = "".join(self._pieces(rendered.html))
        if layout is None:
            title = "<title>{frontmatter['title']}</title>" if data.get("title") else ""
            return self._component(lines, f'<meta charset="utf-8">{title}\n{content}')
        lines += [
            "given = {'frontmatter': frontmatter, 'headings': headings, 'url': Astro.url.path, "
            f"'file': {self.path!r}}}",
            f"props = {{name: value for name, value in given.items() if {_LAYOUT}.render.accepts(name)}}",
        ]
        return self._component(lines, f"<{_LAYOUT} {{**props}}>{content}</{_LAYOUT}>")

    def _component(self, lines: list[str], template: str) -> str:
        return "\n".join(["---", *lines, "---", template, ""])

    def _imports(self) -> Iterator[str]:
        for name, target in self.components.items():
            yield self._import("components", target, name)

    def _import(self, key: str, target: object, name: str) -> str:
        """The import of a component that the front matter names by its path."""
        if not isinstance(target, str) or not re.fullmatch(r"[./\w\[\] -]+\.astro", target):
            raise self._error(key, f"`{key}` names a component by its path, such as `../layouts/Post.astro`")
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
        return f"from {dots}{module} import {python_name(file.removesuffix('.astro'))} as {name}"

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

    def _pieces(self, html: str) -> Iterator[str]:
        """The HTML as it is, and tags of components as such."""
        from pyastro.markdown import Close, Html, Open, split_tags

        for piece in split_tags(html, self.components):
            match piece:
                case Html(text):
                    yield f'<Fragment set:html="{escape(text)}" />'
                case Open(text=text):
                    yield text
                case Close(name):
                    yield f"</{name}>"

    def _error(self, key: str, sentence: str) -> CompileError:
        line = self.document.lines.get(key, 1)
        problem: Diagnostic = messages.front_matter(self.path, line, 1, sentence)
        return CompileError([problem])


def _values(value: object) -> Iterator[object]:
    """A value and all that it holds."""
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _values(each)
