"""How a build differs from the one before: in style sheets alone, which a page takes over as it stands, or in more."""

import ast
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

PUBLIC = "public/"
_MANIFEST = "manifest.json"
_UNSEEN = ("sources", "public")  # what the manifest says of every file, changed or not
_STYLE = "STYLE"
_HASHED = "public/_astro/"  # whoever names a file in it has another address of it where it has changed
_SHEET = re.compile(r"_astro/([A-Za-z0-9_-]+)\.[0-9a-f]{10}\.css")


@dataclass
class Differences:
    """What of a new build is to be seen in a browser."""

    styles: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    """The paths of style sheets below `public/`, before and after; the same where only what is in one has changed."""
    has_more: bool = False


class Contents:
    """The texts of a build, as they were when it was last looked at."""

    def __init__(self, build: Path) -> None:
        self._build = build
        self._texts = {
            path.relative_to(build).as_posix(): path.read_text("utf-8", "replace")
            for path in (*build.rglob("*.py"), build / _MANIFEST)
            if path.is_file()
        }

    def differences(self, written: list[str], removed: list[str]) -> Differences:
        """How the build differs now, after these of its files were written or removed."""
        found = Differences(has_more=not all(path.startswith(_HASHED) for path in removed))
        for path in removed:
            self._texts.pop(path, None)
        for path in written:
            self._compare(path, found)
        return found

    def _compare(self, path: str, found: Differences) -> None:
        """Find how a file differs; where there is more than styles already, only its text is taken over."""
        if path.startswith(_HASHED):
            return
        if path.startswith(PUBLIC):
            is_style = path.endswith(".css")
            found.has_more = found.has_more or not is_style
            found.links += [(path.removeprefix(PUBLIC),) * 2] if is_style else []
            return
        if not path.endswith(".py") and path != _MANIFEST:
            found.has_more = found.has_more or not path.startswith(".")
            return
        before, after = self._texts.get(path), (self._build / path).read_text("utf-8", "replace")
        self._texts[path] = after
        if found.has_more:
            return
        if path == _MANIFEST:
            found.has_more = found.has_more or before is None or _settings(before) != _settings(after)
        elif before is None or not _differ_in_style(before, after, found):
            found.has_more = True


def _settings(manifest: str) -> dict[str, object]:
    return {name: value for name, value in json.loads(manifest).items() if name not in _UNSEEN}


def _differ_in_style(before: str, after: str, found: Differences) -> bool:
    """Is all else in a module the same? The style sheets are added to what was found."""
    old, old_style = _parts(before)
    new, new_style = _parts(after)
    # A style sheet that was or is empty leaves nothing in a page by which it could be found there.
    if not _is_same(old, new) or bool(old_style.strip()) != bool(new_style.strip()):
        return False
    if old_style != new_style:
        found.styles.append((old_style, new_style))
    for link in _sheets(before, after):
        if link not in found.links:
            found.links.append(link)
    return True


def _sheets(before: str, after: str) -> list[tuple[str, str]]:
    """The addresses of style sheets in two modules that are else the same, as far as they differ."""
    every = [[each.group() for each in _SHEET.finditer(text)] for text in (before, after)]
    return [(old, new) for old, new in zip(*every, strict=False) if old != new]


def _parts(text: str) -> tuple[list[ast.stmt], str]:
    """The statements of a module, without the hashes of style sheets that are files; and its own style sheet."""
    style, others = "", []
    for node in ast.parse(_SHEET.sub(r"_astro/\1.css", text)).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))) if (
                name == _STYLE
            ):
                style = value
            case _:
                others.append(node)
    return others, style


def _is_same(one: object, other: object) -> bool:
    """Do two pieces of a syntax tree say the same, wherever they stand? The first difference ends the comparison."""
    if type(one) is not type(other):
        return False
    if isinstance(one, ast.AST):
        return all(_is_same(getattr(one, name, None), getattr(other, name, None)) for name in one._fields)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return one == other
