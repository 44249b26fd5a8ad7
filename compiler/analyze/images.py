"""`<Image>` and `<Picture>` of `pyastro.assets`: which images they show, and how these are to be made."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pyastro.compiler import messages
from pyastro.compiler.analyze.frontmatter import Frontmatter
from pyastro.compiler.analyze.image_options import OPTIONS, Given, read_recipe
from pyastro.compiler.analyze.image_tags import image_kind
from pyastro.compiler.analyze.tags import ImportedTag
from pyastro.compiler.analyze.template import Template
from pyastro.compiler.analyze.undefined import Reader
from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.images import Recipe
from pyastro.compiler.nodes import (
    Attribute,
    Component,
    Element,
    EmptyAttribute,
    Expression,
    QuotedAttribute,
    SpreadAttribute,
)
from pyastro.compiler.syntax_tree import read_names, walk


class ImageUse(NamedTuple):
    """A tag that shows an image of the site."""

    path: str | None
    """As `asset` is called with it; None where the tag shows what it is handed."""
    recipe: Recipe


class Images(NamedTuple):
    """The images of a component."""

    uses: Mapping[int, ImageUse] = {}
    """By the offset at which the tag begins."""
    handed_on: frozenset[str] = frozenset()
    """The paths of the assets that go elsewhere than into a tag of this component: anything may show them."""


def read_images(
    template: Template, tags: Iterable[ImportedTag], frontmatter: Frontmatter, readers: Iterable[Reader]
) -> tuple[Images, list[Problem]]:
    """The image tags of a component, and what is wrong with them."""
    every = list(readers)
    problems = [
        messages.missing_alt(_name_span(each))
        for each in template.elements
        if each.name.lower() == "img" and not _may_have(each.attributes, "alt")
    ]
    nodes = list(_image_nodes(template, tags))
    named = _named_assets(frontmatter, template, every) if nodes else {}
    uses: dict[int, ImageUse] = {}
    shown: list[ast.expr] = []
    for node, is_picture in nodes:
        if not _may_have(node.attributes, "alt"):
            problems.append(messages.image_alt(_name_span(node), node.name))
        given = dict(_given(node, template))
        recipe, wrong = read_recipe(given, is_picture)
        problems += wrong
        src = next((each for each in node.attributes if getattr(each, "name", "") == "src"), None)
        if isinstance(src, QuotedAttribute | EmptyAttribute):
            problems += _text_problems(node, src, given)
            continue
        tree = _tree(src, template)
        if isinstance(tree, ast.Constant | ast.JoinedStr):
            continue
        path = _path(tree, named)
        if path is not None and tree is not None:
            shown.append(tree)
        uses[node.span.start] = ImageUse(path, recipe)
    return Images(uses, frozenset(_handed_on(every, shown, named))), problems


def _image_nodes(template: Template, tags: Iterable[ImportedTag]) -> Iterator[tuple[Component, bool]]:
    """The tags that are ours, each with whether it is a picture."""
    kinds = {each.tag: kind for each in tags if (kind := image_kind(each))}
    for node in template.components:
        if node.name in kinds:
            yield node, kinds[node.name] == "Picture"


def _given(node: Component, template: Template) -> Iterator[tuple[str, Given]]:
    """The options that stand in a tag."""
    for attribute in node.attributes:
        if isinstance(attribute, SpreadAttribute) or attribute.name not in OPTIONS:
            continue
        if isinstance(attribute, QuotedAttribute):
            yield attribute.name, Given(attribute.span, ast.Constant(attribute.value))
        else:
            yield attribute.name, Given(attribute.span, _tree(attribute, template))


def _tree(attribute: Attribute | None, template: Template) -> ast.expr | None:
    """The Python of an attribute's value."""
    value = getattr(attribute, "value", None)
    parsed = template.expressions.get(id(value)) if isinstance(value, Expression) else None
    return parsed.tree if parsed is not None else None


def _may_have(attributes: Iterable[Attribute], name: str) -> bool:
    """Is an attribute given, or may a spread give it?"""
    return any(isinstance(each, SpreadAttribute) or each.name.lower() == name for each in attributes)


def _name_span(node: Component | Element) -> tuple[int, int]:
    """Where the name of a tag stands."""
    start = node.start_tag.start + 1
    return start, start + len(node.name)


def _text_problems(
    node: Component, src: QuotedAttribute | EmptyAttribute, given: Mapping[str, Given]
) -> Iterator[Problem]:
    """What is wrong with an address as text, of which nobody knows the image."""
    if isinstance(src, EmptyAttribute) or not src.value.startswith(("/", "http:", "https:", "data:")):
        yield messages.image_src(src.span, src.value if isinstance(src, QuotedAttribute) else "")
    elif not {"width", "height"} <= set(given) and not any(
        isinstance(each, SpreadAttribute) for each in node.attributes
    ):
        yield messages.image_size(_name_span(node), node.name)


# ---------------------------------------------------------------- which assets are shown, and which handed on


def _named_assets(
    frontmatter: Frontmatter, template: Template, readers: Iterable[Reader]
) -> dict[str, ast.Call]:
    """The names that are set once, to an asset: `cover = asset("…")`."""
    stores = Counter(
        node.id
        for reader in readers
        for node in walk(reader.tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    taken = template.bound | frontmatter.imported | {field.name for field in frontmatter.props or ()}
    found = {}
    for statement in frontmatter.body:
        match statement.node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                if asset_path(call) is not None and stores[name] == 1 and name not in taken:
                    found[name] = call
    return found


def _path(tree: ast.expr | None, named: Mapping[str, ast.Call]) -> str | None:
    """The path of the asset that an expression is, if that is seen."""
    if isinstance(tree, ast.Name) and tree.id in named:
        return asset_path(named[tree.id])
    return asset_path(tree) if tree is not None else None


def _handed_on(
    readers: Iterable[Reader], shown: Iterable[ast.expr], named: Mapping[str, ast.Call]
) -> Iterator[str]:
    """The assets that are used for anything but to be shown by a tag of ours. `shown` are the values of such tags."""
    done = set(map(id, shown))
    names = {name: id(call) for name, call in named.items()}
    pending: dict[int, str] = {}
    for reader in readers:
        for node in walk(reader.tree) if "asset" in read_names(reader.tree) else ():
            if isinstance(node, ast.Call) and id(node) not in done and (path := asset_path(node)) is not None:
                pending[id(node)] = path
    read = {
        node.id
        for reader in (readers if names else ())
        for node in walk(reader.tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in done
    }
    for name, call in names.items():
        if name not in read:
            pending.pop(call, None)
    yield from pending.values()


def asset_path(node: ast.AST) -> str | None:
    """The path of `asset("…")`, if a node is that."""
    match node:
        case ast.Call(ast.Name(id="asset"), [ast.Constant(str(path))], []):
            return path
    return None
