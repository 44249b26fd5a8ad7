"""Real style sheets keep their meaning when they are scoped: `python -m tests.compiler.css_corpus FOLDER … [--seconds N]`.

Each is compiled in the `<style>` of a component. Without the scope attribute and the shorter values it must be what was
written; a parser of its own looks whether each compound has the attribute; a sheet twice as long may take twice the time.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import tinycss2

from pyastro.compiler import CompileError
from pyastro.compiler.analyze.styles import scope_styles
from tests.compiler.lone import compile_text

SCOPE = "data-astro-cid-corpus22"
LARGEST = 1_000_000
_DESCENDED = frozenset("media supports layer container scope starting-style document -moz-document".split())
_UNSCOPED_TYPES = frozenset({"html", "body"})
_COMBINATORS = (">", "+", "~", "||")


def sheets(folders: Iterable[Path]) -> Iterator[Path]:
    """The style sheets below some folders, in order."""
    for folder in folders:
        for path in sorted(folder.rglob("*.css")):
            if path.is_file() and path.stat().st_size < LARGEST:
                yield path


def wrong(css: str) -> Iterator[str]:
    """What is wrong with what becomes of a style sheet."""
    found = scope_styles(css, SCOPE)
    if found.css != scope_styles(css, SCOPE).css:
        yield "it is not the same twice"
    if len(_errors(found.css)) > len(_errors(css)):
        yield f"it has errors: {_errors(found.css)[:3]}"
    with patch("pyastro.compiler.analyze.styles.shorter", lambda tokens: ()):
        plain = scope_styles(css, SCOPE)
    if ":global" not in css and plain.css.replace(f"[{SCOPE}]", "") != css + plain.closing:
        yield "without the attribute it is not what was written"
    if not found.problems:
        yield from list(_unscoped(tinycss2.parse_stylesheet(found.css)))[:3]
    if (again := scope_styles(found.css, SCOPE).css.replace(f"[{SCOPE}]", "")) != found.css.replace(
        f"[{SCOPE}]", ""
    ):
        at = next(i for i, (a, b) in enumerate(zip(again, found.css, strict=False)) if a != b)
        yield f"a shorter value is not the shortest: {again[at : at + 60]!r}"
    yield from _compiled(css)


def _compiled(css: str) -> Iterator[str]:
    if "</style" in css.lower() or "\0" in css:
        return
    try:
        compile_text(f"<p>x</p><style>{css}</style>")
    except CompileError as error:
        yield str(error)


def _errors(css: str) -> list[str]:
    rules = tinycss2.parse_stylesheet(css)
    return [node.message for node in rules if node.type == "error"]


def _unscoped(nodes: Iterable[Any]) -> Iterator[str]:
    """The compounds that lack the attribute, or have it where they must not."""
    for node in nodes:
        if node.type == "at-rule" and node.lower_at_keyword in _DESCENDED and node.content is not None:
            yield from _unscoped(tinycss2.parse_blocks_contents(node.content))
        elif node.type == "qualified-rule":
            for compound in _compounds(node.prelude):
                if _has_scope(compound) == _is_page_or_parent(compound):
                    yield f"wrongly scoped: {tinycss2.serialize(compound)!r} in {tinycss2.serialize(node.prelude)[:99]!r}"
            yield from _unscoped(tinycss2.parse_blocks_contents(node.content))


def _compounds(prelude: Iterable[Any]) -> Iterator[list[Any]]:
    compound: list[Any] = []
    for token in (t for t in prelude if t.type != "comment"):
        if token.type != "whitespace" and token != "," and token not in _COMBINATORS:
            compound.append(token)
        elif compound:
            yield compound
            compound = []
    if compound:
        yield compound


def _has_scope(compound: Iterable[Any]) -> bool:
    return any(t.type == "[] block" and tinycss2.serialize(t.content) == SCOPE for t in compound)


def _is_page_or_parent(compound: list[Any]) -> bool:
    names = [getattr(t, "lower_value", getattr(t, "lower_name", "")) for t in compound]
    is_pseudo = [t == ":" for t in compound]
    page = any(
        p and (n == "root" or n.startswith("view-transition") or n == "active-view-transition")
        for p, n in zip(is_pseudo, names[1:], strict=False)
    )
    # the type may stand behind a namespace: `svg|a`
    return (
        page
        or "&" in compound
        or names[0] in _UNSCOPED_TYPES
        or (names[0] == "*" and names[-1] in _UNSCOPED_TYPES)
    )


def growth(css: str) -> float:
    """How many times as long a sheet twice as long takes."""
    return _seconds(css * 2) / _seconds(css)


def _seconds(css: str) -> float:
    start = time.process_time()
    scope_styles(css, SCOPE)
    return time.process_time() - start


def main(arguments: list[str]) -> int:
    """Check style sheets until the time is over; 1 if something is wrong with one of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args(arguments)
    end = time.monotonic() + options.seconds
    checked = failed = 0
    slowest = 0.0
    for path in sheets(options.folders):
        if time.monotonic() > end:
            break
        try:
            css = path.read_bytes().decode().removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        checked += 1
        found = list(wrong(css))
        if len(css) > 50_000 and (times := growth(css)) > 4:
            found.append(f"a sheet twice as long takes {times:.1f} times as long")
        slowest = max(slowest, _seconds(css) / max(len(css), 10_000))
        failed += bool(found)
        for sentence in found:
            print(f"{path}: {sentence}")
    print(
        f"{checked} style sheets, something wrong with {failed}; at worst {slowest * 1e6:.1f} s for a megabyte"
    )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
