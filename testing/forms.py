"""What a browser sends for a form of a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyastro.testing.document import Element

__all__ = ["form_fields"]

_BUTTONS = frozenset(["button", "file", "image", "reset", "submit"])


def form_fields(form: Element, values: Mapping[str, str | Sequence[str]]) -> list[tuple[str, str]]:
    """The names and values that a form sends, with some of them as a visitor filled them in.

    A visitor can press one button: its name may be among the values as well. Raises AssertionError for a name that no
    control of the form has.
    """
    assert form.tag == "form", f"A form is expected, not {form}"
    names = {control.get("name") for control in form.select("input, textarea, select, button")} - {""}
    unknown = sorted(values.keys() - names)
    assert not unknown, f"{form} has no control {unknown[0]!r}; it has {', '.join(sorted(names)) or 'none'}"
    kept = [(name, value) for name, value in _own_fields(form) if name not in values]
    filled = [
        (name, each)
        for name, value in values.items()
        for each in ([value] if isinstance(value, str) else value)
    ]
    return [*kept, *filled]


def _own_fields(form: Element) -> Iterator[tuple[str, str]]:
    """What the form sends as it is (HTML standard, 4.10.21.4)."""
    for control in form.select("input, textarea, select"):
        name = control.get("name")
        if name and "disabled" not in control:
            yield from ((name, value) for value in _values(control))


def _values(control: Element) -> list[str]:
    if control.tag == "textarea":
        return [control.raw_text]
    if control.tag == "select":
        return _chosen(control)
    kind = control.get("type", "text").lower()
    if kind in ("checkbox", "radio"):
        return [control.get("value", "on")] if "checked" in control else []
    return [] if kind in _BUTTONS else [control.get("value")]


def _chosen(select: Element) -> list[str]:
    """The selected options; where none is, a list that allows one shows the first."""
    options = [option for option in select.select("option") if "disabled" not in option]
    chosen = [option for option in options if "selected" in option]
    if "multiple" not in select:
        chosen = chosen[-1:] or options[:1]
    return [option.get("value", option.text) for option in chosen]
