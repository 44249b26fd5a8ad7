"""`<style>` and `<script>`: what is collected, what is written once, and `define:vars`."""

from collections.abc import Sequence

from pyastro.compiler import messages
from pyastro.compiler.analyze.css_urls import with_addresses
from pyastro.compiler.analyze.expressions import is_empty
from pyastro.compiler.analyze.stylesheet import is_set_of_names
from pyastro.compiler.html import UNSCOPED_ELEMENTS
from pyastro.compiler.imports import ImportResolver, Script
from pyastro.compiler.nodes import Attribute, Element, Expression, Node, SpreadAttribute, Text
from pyastro.compiler.transform.attributes import (
    attributes,
    dynamic,
    python_string,
    value_code,
    written_attributes,
)
from pyastro.compiler.transform.python import expression_code
from pyastro.compiler.transform.state import State


def is_taken_out(state: State, node: Element) -> bool:
    """Is this a `<style>` that is part of the style sheet?"""
    return node.name.lower() == "style" and id(node) in state.analysis.template.hoisted


def trimmed(state: State, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The template without the white space that its style elements leave at its beginning and end."""
    shown = [i for i, node in enumerate(nodes) if not _is_nothing(state, node)]
    if not shown:
        return () if any(isinstance(node, Element) for node in nodes) else nodes
    before, after = nodes[: shown[0]], nodes[shown[-1] + 1 :]
    start = shown[0] if any(isinstance(node, Element) for node in before) else 0
    end = shown[-1] + 1 if any(isinstance(node, Element) for node in after) else len(nodes)
    return nodes[start:end]


def _is_nothing(state: State, node: Node) -> bool:
    return (isinstance(node, Text) and not node.value.strip()) or (
        isinstance(node, Element) and is_taken_out(state, node)
    )


def is_special_script(state: State, node: Element) -> bool:
    """Is this a `<script>` that is not written where and as it stands?"""
    is_script = node.name.lower() == "script"
    return is_script and (id(node) in state.analysis.template.hoisted or _variables(node) is not None)


def script(state: State, node: Element, without: frozenset[str] = frozenset()) -> None:
    """Append a `<script>`: a module once per page, or one with variables. `without` names attributes that are not
    written.
    """
    text = "".join(child.value for child in node.children if isinstance(child, Text))
    variables = _variables(node)
    line = state.line(node.span.start)
    if variables is not None:
        _script_with_variables(state, node, variables, text, without)
        return
    if not text.strip():
        return  # a module in which nothing stands does nothing
    key = f"{state.analysis.source.path}#{node.span.start}"
    module = python_string(_module(state.scripts.get(node.span.start), text))
    context = state.names.get("context")
    state.body.code(
        f"{state.names.get('write')}({context}.render_once({python_string(key)}, {module}))", line
    )


def _module(bundled: Script | None, text: str) -> str:
    """The element of a module script: as it is written, or as it was bundled."""
    if bundled is None:
        from pyastro.compiler.transform.module_script import module_script  # most components have none

        return f'<script type="module">{module_script(text)}</script>'
    if bundled.url:
        return f'<script type="module" src="{bundled.url}"></script>'
    return f'<script type="module">{bundled.text}</script>'


def _script_with_variables(
    state: State, node: Element, variables: Expression, text: str, without: frozenset[str]
) -> None:
    start = node.span.start
    code = variables_code(state, variables)
    if code is None:
        return
    state.static("<script", start)
    written = written_attributes(node.attributes, without)
    attributes(state, written)
    is_module = any(getattr(a, "name", "") == "type" and getattr(a, "value", "") == "module" for a in written)
    state.static(">" if is_module else ">(function(){", start)
    dynamic(state, f"{state.helper('define_vars')}({code})", state.line(variables.span.start))
    state.static(text, node.start_tag.end)
    state.static("</script>" if is_module else "})();</script>", node.span.end - 1)


def _variables(node: Element) -> Expression | None:
    for attribute in node.attributes:
        value = getattr(attribute, "value", None)
        if getattr(attribute, "name", "") == "define:vars" and isinstance(value, Expression):
            return value
    return None


def variables_code(state: State, variables: Expression) -> str | None:
    """The code of the dict that `define:vars` names."""
    parsed = state.analysis.template.expressions.get(id(variables))
    if parsed is None:
        if is_empty(variables):  # else it is no Python, which has been said
            state.problems.append(messages.define_vars_value(variables.span))
        return None
    if is_set_of_names(parsed.tree):
        names = [parsed.code[slice(*parsed.span(e))] for e in parsed.tree.elts]  # type: ignore[attr-defined]  # a set has elements
        return "{" + ", ".join(f'"{name}": {name}' for name in names) + "}"
    return expression_code(state, variables)


def style_sheet(state: State, resolver: ImportResolver) -> str:
    """The component's style sheet, in which files of the site have the addresses where they are served."""
    source, style = state.analysis.source, state.analysis.style
    if not style.urls:
        return style.css
    for each in style.urls:
        if not (found := resolver.asset(source.path, each.path)).url:
            state.problems.append(messages.wrong_asset(each.span, each.path, found))
    return with_addresses(style.css, lambda reference: resolver.asset(source.path, reference.path).url)


def style_variables(state: State) -> None:
    """Append the assignment of the style's variables, which the elements write into their `style`."""
    variables = state.analysis.style.variables
    if not variables:
        return
    codes = [code for each in variables if (code := variables_code(state, each)) is not None]
    merged = codes[0] if len(codes) == 1 else "{" + ", ".join(f"**{code}" for code in codes) + "}"
    name, helper = state.names.get("style_vars"), state.helper("style_variables")
    state.body.code(f"{name} = {helper}({merged})", state.line(variables[0].span.start))


def variables_item(state: State, name: str, every: Sequence[Attribute]) -> str | None:
    """The code that writes an element's `style` attribute, where the component's style has variables."""
    if not state.analysis.style.variables or name.lower() in UNSCOPED_ELEMENTS:
        return None
    state.writes_variables = True
    own = [a for a in every if not isinstance(a, SpreadAttribute) and a.name.lower() == "style"]
    variables = state.names.get("style_vars")
    if not own:
        return f'{state.helper("attribute")}({state.names.get("context")}, "style", {variables} or None)'
    context = state.names.get("context")
    return f"{state.helper('attributes')}({context}, (\"style\", {value_code(state, own[0])}), variables={variables})"
