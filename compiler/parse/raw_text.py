"""Where the content of an element ends that is text to its end tag."""

import re

_SCRIPT_STATE = re.compile(r"<!--|-->|<(/?)script(?=[\s/>])", re.IGNORECASE)


def raw_text_end(text: str, at: int, end: int, name: str, nests: bool) -> int | None:
    """The offset of the end tag; with `nests`, elements of its name inside count. None if it never comes."""
    if name == "plaintext" and not nests:
        return end
    if name == "script" and not nests:
        return _script_end(text, at)
    depth = 1
    pattern = re.compile(rf"<(/?){re.escape(name)}(?=[\s/>])(?:[^>]*?(/)?>)?", re.IGNORECASE)
    while found := pattern.search(text, at):
        at = found.end()
        if found.group(1):
            depth -= 1
        elif nests and not found.group(2):
            depth += 1
        if depth == 0:
            return found.start()
    return None


def _script_end(text: str, at: int) -> int | None:
    """The end of a script. After `<!--`, a `<script` in it has an end tag of its own (HTML standard, 13.2.5.20)."""
    is_escaped = is_inner = False
    first = None
    while found := _SCRIPT_STATE.search(text, at):
        at = found.end()
        if found.group() == "<!--":
            is_escaped = True
            at = found.start() + 2  # `<!-->` ends at once
        elif found.group() == "-->":
            is_escaped = is_inner = False
        elif not found.group(1):
            is_inner = is_escaped
        elif not is_inner:
            return found.start()
        else:
            is_inner = False
            first = found.start() if first is None else first
    return first
