"""What a type checker says, as a sentence about the author's files."""

import re
from collections.abc import Iterable

from pyastro.compiler.check.checkers import PACKAGE

_WRONG_PROP = (
    re.compile(
        r'Argument "(?P<prop>\w+)" has incompatible type "(?P<found>.+)"; expected "(?P<expected>.+)"'
    ),
    re.compile(
        r'Argument of type "(?P<found>.+)" cannot be assigned to parameter "(?P<prop>\w+)" of type "(?P<expected>.+?)"(?: in function ".+")?'
    ),
)
_MEANT = re.compile(r'[;.]? (?:maybe|did you mean) (?P<names>"[^"]+"(?: or "[^"]+")*)\?$', re.IGNORECASE)
_STUBS = re.compile(r'Hint: "python3 -m pip install (?P<package>[\w.-]+)"')
_IDLE = re.compile(r"See https?://|\(Using |\(or run |Error code |Use \"-> None\"")


def sentence(message: str, tag: str | None) -> tuple[str, str | None]:
    """A message as a sentence, and the advice that it holds. `tag` is the component whose call it is about."""
    message = message.replace(f"{PACKAGE}.", "").replace("\N{NO-BREAK SPACE}", " ")
    for pattern in _WRONG_PROP if tag else ():
        if found := pattern.fullmatch(message):
            prop = found["prop"].removesuffix("_")
            return f"`{prop}` of `<{tag}>` expects `{found['expected']}`, found `{found['found']}`.", None
    hint = None
    if meant := _MEANT.search(message):
        message = message[: meant.start()]
        hint = f"Did you mean {meant['names'].replace(chr(34), '`')}?"
    return message if message.endswith((".", "?", "!")) else f"{message}.", hint


def advice(notes: Iterable[str]) -> str | None:
    """What the notes behind a message add to it."""
    said: dict[str, None] = {}
    for note in notes:
        if stubs := _STUBS.match(note):
            said[f"Install the package with its types: `pip install {stubs['package']}`."] = None
        elif not _IDLE.match(note):
            said[sentence(note.strip(), None)[0]] = None
    return " ".join(said) or None
