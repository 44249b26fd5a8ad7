"""Text in XML."""

import re
from xml.etree.ElementTree import Element, SubElement, tostring

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: Element, tag: str, text: str | None, **attributes: str) -> Element:
    """A new child with this text, without the characters that XML 1.0 cannot hold in any spelling."""
    child = SubElement(parent, tag, {name: _FORBIDDEN.sub("", value) for name, value in attributes.items()})
    child.text = None if text is None else _FORBIDDEN.sub("", text)
    return child


def document(root: Element) -> bytes:
    """The element as a whole document, in UTF-8."""
    text = tostring(root, "unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>{text}\n'.encode()
