"""`.env`: settings of the environment in a file, for the machine on which a site is developed."""

import os
import re
from collections.abc import MutableMapping
from pathlib import Path

from pyastro.runtime.errors import SetupError

__all__ = ["load_environment_file", "parse_environment"]

_LINE = re.compile(
    r"""[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*
    (?:'(?P<literal>[^']*)'|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^'"\s#][^\n]*?)?)
    [ \t]*(?:(?<=[\s'"=])\#[^\n]*)?""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"[ \t]+#.*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def load_environment_file(path: Path, environment: MutableMapping[str, str] = os.environ) -> bool:
    """Add what a file says to the environment, whose own variables win. False where there is no such file.

    Raises SetupError, which names the line, for a file that says something else.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path} cannot be read: {error}") from None
    for name, value in parse_environment(text, str(path)).items():
        environment.setdefault(name, value)
    return True


def parse_environment(text: str, path: str = ".env") -> dict[str, str]:
    """The variables of such a file: `NAME=value` on each line, in quotes where it holds spaces or `#`.

    In double quotes `\\n` is a line feed, and so on; nothing is expanded.
    """
    values: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None or "\0" in line:
            raise SetupError(
                f"{path}, line {number}: expected NAME=value, with the value in quotes if need be"
            )
        values[found["name"]] = _value(found)
    return values


def _value(found: re.Match[str]) -> str:
    if found["literal"] is not None:
        return found["literal"]
    if found["quoted"] is not None:
        return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), found["quoted"])
    return _COMMENT.sub("", found["plain"] or "")
