"""The files that a component names: where they are served is known when it is compiled."""

from pyastro.compiler import messages
from pyastro.compiler.imports import Asset, ImportResolver
from pyastro.compiler.module import Line, Verbatim
from pyastro.compiler.transform.attributes import python_string
from pyastro.compiler.transform.state import State


def asset_table(state: State, resolver: ImportResolver) -> tuple[Verbatim, ...]:
    """The function `asset` of the module, if the component uses it: a table of all its paths."""
    source = state.analysis.source
    found: dict[str, tuple[Asset, int]] = {}
    for call in (*state.analysis.style.files, *state.analysis.assets):
        asset = resolver.asset(source.path, call.path)
        if asset.kind != "found":
            state.problems.append(messages.wrong_asset(call.span, call.path, asset))
        elif call in state.analysis.assets:
            found[call.path] = asset, state.line(call.span[0])
    if not found:
        return ()
    lines = [Line(f"asset = {state.helper('assets')}("), Line("    {")]
    for path, (asset, line) in sorted(found.items()):
        lines.append(Line(f"        {python_string(path)}: {_code(state, asset)},", line))
    return (Verbatim((*lines, Line("    }"), Line(")"), Line(""))),)


def _code(state: State, asset: Asset) -> str:
    size = (repr(asset.width), repr(asset.height))
    return f"{state.helper('Asset')}({', '.join([python_string(asset.url), *size, python_string(asset.format)])})"
