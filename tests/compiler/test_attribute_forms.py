"""One attribute, written in every form: what the compiler decides is what the runtime would."""

import pytest

from pyastro.runtime import Context, attributes
from tests.compiler.lone import render_text

NAMES = (
    "title width TITLE hidden download popover disabled DISABLED multiple open aria-hidden data-x contenteditable "
    "draggable class CLASS style Style href HREF src srcset action x:y"
).split()
VALUES = [
    *("None", "True", "False", "0", "1", "-1.5", "0.0", "''", "'x'", "'<&\"'", "'true'", "'javascript:x'"),
    *(
        "[]",
        "['a', None]",
        "()",
        "{}",
        "{'a': 1}",
        "{'a': 0}",
        "f'x{1}'",
        "f'/x/{1}'",
        "'a' + 'b'",
        "1 and 'x'",
    ),
    *("'x' if 1 else None", "None or 'y'", "not 1", "1 == 1", "[x for x in 'ab']", "str('s')", "'%d' % 3"),
]


LATER = "async def later(value):\n    return value"
FORMS = (
    "<p {name}={{{value}}} />",
    "<p {name}={{await later({value})}} />",
    "<p {name}={{later({value})}} />",
    "{{<p {name}={{x}} /> for x in [{value}]}}",
    "{{<p {name}={{x}} /> if (x := {value}) is not later else None}}",
)


def spread(name: str, value: str) -> str | None:
    """What the runtime makes of a value; None if it refuses it."""
    try:
        return f"<p{attributes(Context(), {name: eval(value)})}></p>"
    except (TypeError, ValueError):
        return None


@pytest.mark.parametrize("name", NAMES)
def test_every_form_gives_the_same(name: str) -> None:
    known = {value: html for value in VALUES if (html := spread(name, value)) is not None}
    lines = [form.format(name=name, value=value) for value in known for form in FORMS]
    expected = [html for html in known.values() for _ in FORMS]
    template = f"---\n{LATER}\n---\n" + "\n".join(lines)
    assert render_text(template).split("\n") == expected


@pytest.mark.parametrize("name", ["title", "style", "class"])
@pytest.mark.parametrize("value", ["b'x'", "lambda: 1", "<b/>"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_refuses_the_same(name: str, value: str, form: str) -> None:
    with pytest.raises(TypeError):
        render_text(f"---\n{LATER}\n---\n" + form.format(name=name, value=value))
