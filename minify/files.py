"""Style sheets and scripts that are files of their own."""

import re

_ELEMENTS = {"css": "style", "js": "script", "mjs": "script"}
_LICENSE = r"(?:\s*/\*!(?:[^*]|\*(?!/))*\*/)+"


def minified_file(data: bytes, format: str) -> bytes:
    """A file in a shorter form, which keeps a license at its beginning; as it is where it is neither a style sheet nor a
    script, or nothing can be read in it. Comments before statements of a script may stay.
    """
    element = _ELEMENTS.get(format)
    if element is None:
        return data
    try:
        from minify_html import minify

        text = data.decode()
    except (
        ImportError,
        UnicodeDecodeError,
    ):  # that the package is missing is told when pages are made smaller
        return data
    if f"</{element}" in text.lower() or "<!--" in text:
        return data  # its text could not stand in an element
    head, tail = (f'<{element}{" type=module" if format == "mjs" else ""}>', f"</{element}>")
    small = minify(f"{head}{text}{tail}", minify_css=True, minify_js=True, keep_closing_tags=True)
    if not small.startswith(head) or not small.endswith(tail):
        return data
    license = re.match(_LICENSE, text)
    body = small[len(head) : -len(tail)]
    return f"{license[0].strip()}\n{body}".encode() if license and "/*!" not in body else body.encode()
