"""The style sheet of a component: its `<style>` elements, scoped and put together."""

import ast
import html
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.analyze.asset_calls import AssetCall
from pyastro.compiler.analyze.css_urls import references
from pyastro.compiler.analyze.sass_styles import LANGUAGES, NoSassError, Sass, compile_sass
from pyastro.compiler.analyze.styles import ScopedStyle, global_styles, scope_name, scope_styles
from pyastro.compiler.analyze.template import Template, static_value
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.nodes import Element, Expression, QuotedAttribute, SpreadAttribute, Text
from pyastro.compiler.source import Source


class StyleSheet(NamedTuple):
    """`css` is empty where the component has no style; `scope` is None where nothing of it is scoped."""

    css: str = ""
    scope: str | None = None
    variables: tuple[Expression, ...] = ()
    """The values of `define:vars`: expressions that give dicts, or sets of names."""
    files: tuple[AssetCall, ...] = ()
    """The style sheets that are files of their own: `<style is:global src="…">`."""
    urls: tuple[AssetCall, ...] = ()
    """The files that it names by `url(…)` and `@import`."""
    reads: Mapping[str, str] = {}
    """The files whose text is in it, with the SHA-256 of each."""


def read_styles(source: Source, template: Template) -> tuple[StyleSheet, list[Problem]]:
    """The style sheet of a component, and what is wrong in it."""
    reader = _Reader(source)
    for node in template.styles:
        if _has(node, "src"):
            reader.files += _file(node, reader.problems)
        else:
            reader.read(node)
    for node in template.styles_in_place:
        reader.variables += _variables(node)
    return reader.result(), reader.problems


class _Reader:
    """Puts the `<style>` elements of a component together, one after the other."""

    def __init__(self, source: Source) -> None:
        self.problems: list[Problem] = []
        self.files: list[AssetCall] = []
        self.variables: list[Expression] = []
        self._source = source
        self._scope: str | None = None
        self._beginnings: list[str] = []
        self._sheets: list[str] = []
        self._urls: list[AssetCall] = []
        self._reads: dict[str, str] = {}

    def read(self, node: Element) -> None:
        """Take up one element."""
        css = self._css(node)
        if css is None:
            return
        if _has(node, "is:global"):
            style = global_styles(css)
        else:
            self._scope = self._scope or scope_name(self._source.path)
            style = scope_styles(css, self._scope)
        medium = html.unescape(static_value(node.attributes, "media", "") or "").strip()
        self._urls += [AssetCall(each.path, _place(node, each.start, each.end)) for each in references(css)]
        self.problems += [
            messages.style_syntax(_place(node, at, at + 1), said) for at, said in style.problems
        ]
        if medium:
            queried = [each for each in style.imports if each.has_query]
            self.problems += [messages.import_with_query(_place(node, e.start, e.end)) for e in queried]
        beginning, rest = _divided(style, medium)
        self._beginnings.append(beginning.strip("\n"))
        self._sheets.append(_of_medium(medium, rest.strip("\n")))
        self.variables += _variables(node)

    def _css(self, node: Element) -> str | None:
        """The text of an element as CSS; None for one in a language that is not known."""
        text = "".join(child.value for child in node.children if isinstance(child, Text))
        language = _language(node)
        if language in LANGUAGES:
            compiled = _compiled(self._source, node, text, language == "sass", self.problems)
            self._reads |= compiled.reads
            return compiled.css
        if language != "css":
            self.problems.append(messages.style_language(node.start_tag, language))
            return None
        return text

    def result(self) -> StyleSheet:
        """All that was taken up. What has to stand before all rules does."""
        css = "\n".join(sheet for sheet in [*self._beginnings, *self._sheets] if sheet.strip())
        variables, files, urls = tuple(self.variables), tuple(self.files), tuple(self._urls)
        return StyleSheet(css, self._scope, variables, files, urls, self._reads)


def _language(node: Element) -> str:
    return static_value(node.attributes, "lang", "css") or "…"


def _place(node: Element, start: int, end: int) -> messages.At:
    """Where a part of a style sheet stands: what Sass has made stands nowhere but in its element."""
    at = node.start_tag.end
    return (at + start, at + end) if _language(node) == "css" else node.start_tag


def _compiled(source: Source, node: Element, text: str, is_indented: bool, problems: list[Problem]) -> Sass:
    """The CSS of a `<style>` in Sass; nothing where it has an error."""
    try:
        compiled = compile_sass(text, source.path, source.root or Path(), is_indented)
    except NoSassError:
        problems.append(messages.sass_package(node.start_tag))
        return Sass()
    if (said := compiled.problem) is None:
        return compiled
    if said.path is not None:
        where = f"`{said.path}`, line {said.line}: {said.message}"
        problems.append(messages.sass_syntax(node.start_tag, where))
        return compiled
    starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
    at = node.start_tag.end + starts[min(said.line, len(starts)) - 1] + said.column - 1
    problems.append(messages.sass_syntax((at, at + 1), said.message))
    return compiled


def _file(node: Element, problems: list[Problem]) -> list[AssetCall]:
    """The file that a `<style>` names."""
    named = {a.name: a for a in node.attributes if not isinstance(a, SpreadAttribute)}
    src = named.get("src")
    is_plain = named.keys() == {"src", "is:global"} and not any(
        not isinstance(child, Text) or child.value.strip() for child in node.children
    )
    if not is_plain or not isinstance(src, QuotedAttribute):
        problems.append(messages.style_src(node.start_tag))
        return []
    return [AssetCall(html.unescape(src.value), src.value_span)]


def _divided(style: ScopedStyle, medium: str) -> tuple[str, str]:
    """A sheet up to its last `@import`, which goes before the rules of all others, and the rest of it."""
    pieces, at = [], 0
    for each in style.imports:
        limit = f" {medium}" if medium and not each.has_query else ""
        pieces.append(f"{style.css[at:each.end]}{limit};")
        at = each.end + 1
    return "".join(pieces), style.css[at:]


def _of_medium(medium: str, css: str) -> str:
    """The sheet of a `<style media="…">` as a rule: other sheets stand beside it."""
    return f"@media {medium} {{\n{css}\n}}" if medium and css.strip() else css


def _has(node: Element, name: str) -> bool:
    return any(not isinstance(a, SpreadAttribute) and a.name == name for a in node.attributes)


def _variables(node: Element) -> list[Expression]:
    values = [getattr(a, "value", None) for a in node.attributes if getattr(a, "name", "") == "define:vars"]
    return [value for value in values if isinstance(value, Expression)]


def is_set_of_names(tree: ast.expr) -> bool:
    """Is this a set display of names, `{fg, bg}`, short for a dict of them?"""
    return isinstance(tree, ast.Set) and all(isinstance(element, ast.Name) for element in tree.elts)
