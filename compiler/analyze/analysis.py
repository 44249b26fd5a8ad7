"""Everything that is known of one component when no other file has been looked at."""

import ast
from typing import NamedTuple

from pyastro.compiler.analyze.asset_calls import NAME, AssetCall, asset_calls
from pyastro.compiler.analyze.astro_object import read_astro
from pyastro.compiler.analyze.frontmatter import Frontmatter, analyze_frontmatter
from pyastro.compiler.analyze.images import Images, read_images
from pyastro.compiler.analyze.interface import Interface, Prop
from pyastro.compiler.analyze.leaf import leaf_text
from pyastro.compiler.analyze.markup_slips import (
    braces_in_quotes,
    braces_in_styles,
    lower_case_component,
    missing_fence,
)
from pyastro.compiler.analyze.module_script import ModuleScript
from pyastro.compiler.analyze.slips import slips
from pyastro.compiler.analyze.stylesheet import StyleSheet, read_styles
from pyastro.compiler.analyze.syntax import without_warnings
from pyastro.compiler.analyze.tags import ImportedTag, read_tags
from pyastro.compiler.analyze.template import Template, analyze_template
from pyastro.compiler.analyze.undefined import Reader, bound_anywhere, undefined_names
from pyastro.compiler.analyze.waiting import waits
from pyastro.compiler.diagnostics import Diagnostic, Problem
from pyastro.compiler.nodes import Element, Root, Text
from pyastro.compiler.source import Source

PREDEFINED = frozenset({"Astro", "Response", "asset", "fetch", "run_sync"})
"""Names that every component knows without importing them."""


class Analysis(NamedTuple):
    """One component, understood."""

    source: Source
    root: Root
    frontmatter: Frontmatter
    template: Template
    style: StyleSheet
    astro_attributes: frozenset[str]
    """Which attributes of `Astro` the component reads; `*` where it is used as a whole."""
    names: frozenset[str]
    """Every identifier that the author uses."""
    assets: tuple[AssetCall, ...]
    """The files that it names by `asset`."""
    images: Images
    """The tags that show images, and what these are to be made of."""
    scripts: tuple[ModuleScript, ...]
    """The module scripts that have to be bundled."""
    interface: Interface
    diagnostics: tuple[Diagnostic, ...]
    imported_tags: tuple[ImportedTag, ...]
    """The component tags of which an import may tell what they are."""
    element_tags: frozenset[str]
    """The component tags that name elements: their values are texts."""


@without_warnings()
def analyze(source: Source, root: Root, is_copy: bool = False) -> Analysis:
    """The analysis of a parsed component; what is wrong is in its `diagnostics`.

    In a copy, nothing binds the names that stand for its props: what is to be said of names was said of the component.
    """
    frontmatter, problems = analyze_frontmatter(root.frontmatter)
    template, template_problems = analyze_template(source, root.children)
    style, style_problems = read_styles(source, template)
    astro = set(template.astro_attributes)
    for statement in frontmatter.body:
        read_astro(statement.node, astro)
    tags = read_tags(frontmatter, template)
    is_whole = not root.is_partial and not any(p.severity == "error" for p in [*problems, *template_problems])
    readers = _readers(frontmatter, template)
    bound = bound_anywhere(readers) | {field.name for field in frontmatter.props or ()}
    names = _names(source, root, frontmatter, template, readers, bound) if is_whole and not is_copy else []
    assets, asset_problems = asset_calls(readers) if NAME not in bound else ([], [])
    images, image_problems = read_images(template, tags.imported, frontmatter, readers)
    asset_problems += image_problems if is_whole else []
    diagnostics = [
        source.diagnose(p) for p in [*problems, *template_problems, *style_problems, *names, *asset_problems]
    ]
    return Analysis(
        source=source,
        root=root,
        frontmatter=frontmatter,
        template=template,
        style=style,
        astro_attributes=frozenset(astro),
        names=frozenset(frontmatter.names | template.names | {f.name for f in frontmatter.props or ()}),
        assets=tuple(assets),
        images=images,
        scripts=tuple(filter(None, map(_needs, template.scripts))),
        interface=_interface(root, source, frontmatter, template, style, astro, bool(tags.others)),
        diagnostics=tuple(diagnostics),
        imported_tags=tags.imported,
        element_tags=tags.elements,
    )


def _needs(node: Element) -> ModuleScript | None:
    """A module script, if a browser cannot run it as it is written."""
    from pyastro.compiler.analyze.module_scripts import module_script_needs  # most components have none

    text = "".join(child.value for child in node.children if isinstance(child, Text))
    return module_script_needs(node.span.start, node.start_tag.end, text)


def _readers(frontmatter: Frontmatter, template: Template) -> list[Reader]:
    """All of a component's Python."""
    statements = (*frontmatter.imports, *frontmatter.hoisted, *frontmatter.body)
    readers = [Reader(each.node, each.span) for each in statements]
    return readers + [
        Reader(each.tree, each.source_span, each.markup) for each in template.expressions.values()
    ]


def _names(
    source: Source,
    root: Root,
    frontmatter: Frontmatter,
    template: Template,
    readers: list[Reader],
    bound: set[str],
) -> list[Problem]:
    """What is said of names: nothing binds them, or they are written where they mean nothing."""
    fields = {field.name for field in frontmatter.props or ()}
    problems = slips(readers, frozenset(bound & PREDEFINED))
    if not frontmatter.has_star_import:
        problems += undefined_names(readers, bound | fields | PREDEFINED | template.walrus)
    problems += braces_in_quotes(template.braced, bound, lambda each: each.value_span.start)
    problems += braces_in_styles([*template.styles, *template.styles_in_place], bound, source)
    tags = (lower_case_component(each, frontmatter.imported, template.names) for each in template.elements)
    problems += [problem for problem in tags if problem is not None]
    if root.frontmatter is None and (fence := missing_fence(source.text)) is not None:
        problems.append(fence)
    return sorted(problems, key=lambda problem: problem.span)


def _interface(
    root: Root,
    source: Source,
    frontmatter: Frontmatter,
    template: Template,
    style: StyleSheet,
    astro: set[str],
    may_await: bool,
) -> Interface:
    props = frontmatter.props
    asks_for_any_slot = root.is_partial or bool(astro & {"slots", "*"})
    leaf = leaf_text(root, source, frontmatter, template, style)
    return Interface(
        path=source.path,
        props=None if props is None else tuple(Prop(f.name, f.is_required) for f in props),
        takes_attrs=root.is_partial or bool(astro & {"attrs", "*"}),
        slots=None if asks_for_any_slot else tuple(template.slots),
        has_style=bool(style.css),
        sheets=tuple(each.path for each in style.files),
        waits=may_await or _waits(source, frontmatter, template),
        wants_spelling=bool(astro & {"props", "*"}) and any("_" in f.name for f in props or ()),
        leaf=leaf,
        hash=source.digest if leaf else "",
    )


def _waits(source: Source, frontmatter: Frontmatter, template: Template) -> bool:
    """Does anything wait that this file says?"""
    if "await" not in source.text and "async" not in source.text:
        return False
    defaults = [f.default for f in frontmatter.props or () if f.default is not None]
    expressions = [parsed.tree for parsed in template.expressions.values()]
    code: list[ast.AST] = [s.node for s in frontmatter.body]
    return any(map(waits, [*code, *defaults, *expressions, *template.spec_trees.values()]))
