"""The files that a component names: where they are served is known when it is compiled."""

from collections.abc import Iterator

from pyastro.compiler import messages
from pyastro.compiler.images import Rendition
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
            if asset.lacks_pillow:
                state.problems.append(messages.image_package(call.span, call.path))
            found[call.path] = asset, state.line(call.span[0])
    if not found:
        return ()
    lines = [Line(f"asset = {state.helper('assets')}("), Line("    {")]
    for path, (asset, line) in sorted(found.items()):
        lines += [Line(each, line) for each in _entry(state, path, asset)]
    return (Verbatim((*lines, Line("    }"), Line(")"), Line(""))),)


def _entry(state: State, path: str, asset: Asset) -> Iterator[str]:
    """The lines of an item of the table."""
    size = (repr(asset.width), repr(asset.height))
    head = ", ".join([python_string(asset.url), *size, python_string(asset.format)])
    start = f"        {python_string(path)}: {state.helper('Asset')}("
    if not asset.renditions:
        yield f"{start}{head}),"
        return
    yield start
    yield f"            {head},"
    yield "            {"
    for key, each in sorted(asset.renditions.items()):
        arguments = ", ".join(_arguments(each))
        yield f"                {python_string(key)}: {state.helper('Rendition')}({arguments}),"
    yield "            },"
    yield "        ),"


def _arguments(rendition: Rendition) -> list[str]:
    """The arguments of a rendition, without those at the end that are empty."""
    sources = "".join(f"({python_string(type)}, {python_string(each)})," for type, each in rendition.sources)
    texts = [python_string(each) for each in (rendition.src, rendition.srcset, rendition.sizes)]
    found = [texts[0], str(rendition.width), str(rendition.height), *texts[1:], f"({sources})"]
    while found[-1] in ('""', "()"):
        found.pop()
    return found
