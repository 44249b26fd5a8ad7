"""What the name of a tag says: HTML, or something in scope."""

import re

from pyastro.compiler.html import ELEMENTS

_TAG_NAME = re.compile(r"[^\s/>{]*")
_DECLARED_WORD = r"(?<![\w.]){0}(?!\w)"
_UNQUOTED_SLASH = re.compile(r"""=\s*[^\s"'>]+/>\Z""")


def tag_name(text: str, at: int) -> str:
    """The name of the tag of which the name begins at `at`."""
    return _TAG_NAME.match(text, at).group()  # type: ignore[union-attr]  # it always matches


def closes_itself(tag: str) -> bool:
    """Does a start tag end in a slash of its own? One at the end of an unquoted value belongs to the value."""
    return tag.endswith("/>") and _UNQUOTED_SLASH.search(tag) is None


def is_component_name(name: str, frontmatter: str) -> bool:
    """Does a tag of this name name something in scope, rather than an HTML element?

    Old HTML writes its tags in capitals (`<P>`, `<TABLE>`): such a name is HTML's unless the frontmatter knows it.
    """
    if not name or not (name[0].isupper() or "." in name):
        return False
    if name.isupper() and name.lower() in ELEMENTS:
        return re.search(_DECLARED_WORD.format(re.escape(name)), frontmatter) is not None
    return True
