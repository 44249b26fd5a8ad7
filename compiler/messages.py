"""Every sentence that the compiler says about a component, one small function for each.

The code is the name of the function with dashes; `docs/errors.md` has an entry for each code.
"""

from pyastro.compiler.diagnostics import Problem

At = tuple[int, int]


# ---------------------------------------------------------------- the file and its markup


def unterminated_frontmatter(at: At) -> Problem:
    return Problem(
        "unterminated-frontmatter",
        at,
        "The frontmatter is not closed: expected a line `---` after it.",
        "Close it with three dashes on a line of their own.",
    )


def unterminated_comment(at: At) -> Problem:
    return Problem("unterminated-comment", at, "This comment is not closed: expected `-->`.", "Write `-->` where it ends.")


def unterminated_template_comment(at: At) -> Problem:
    return Problem(
        "unterminated-template-comment",
        at,
        "This template comment is not closed: expected `#}`.",
        "Write `#}` where it ends. A Python comment needs white space after the brace: `{ # …`.",
    )


def unterminated_tag(at: At, name: str) -> Problem:
    return Problem("unterminated-tag", at, f"The tag `<{name}` is not closed: expected `>`.")


def unterminated_attribute(at: At) -> Problem:
    return Problem(
        "unterminated-attribute",
        at,
        "This attribute value is not closed: expected another quote.",
        "Close the quote on the value's last line.",
    )


def unterminated_raw_text(at: At, name: str) -> Problem:
    return Problem("unterminated-raw-text", at, f"`<{name}>` is not closed: expected `</{name}>`.")


def unclosed_element(at: At, name: str, found: str) -> Problem:
    return Problem(
        "unclosed-element",
        at,
        f"`<{name}>` is not closed before {found}: inside an expression every element must be closed.",
        f"Write `</{name}>`, or `<{name} />` if it is empty.",
    )


def unclosed_component(at: At, name: str, found: str) -> Problem:
    tag = f"<{name}>"
    return Problem(
        "unclosed-component",
        at,
        f"`{tag}` is not closed before {found}.",
        f"Write `</{name}>`, or `<{name} />` if it has no children.",
    )


def unexpected_end_tag(at: At, name: str) -> Problem:
    return Problem(
        "unexpected-end-tag", at, f"`</{name}>` closes nothing that is open in this expression.", "Remove it, or open it first."
    )


def stray_end_tag(at: At, name: str) -> Problem:
    return Problem("stray-end-tag", at, f"`</{name}>` closes nothing that is open; it is written as it stands.", None, "warning")


def unclosed_html_element(at: At, name: str) -> Problem:
    return Problem(
        "unclosed-html-element",
        at,
        f"`<{name}>` is never closed, and HTML does not let its end tag be omitted.",
        f"Write `</{name}>` where it ends.",
        "warning",
    )


def nesting_too_deep(at: At, limit: int) -> Problem:
    return Problem(
        "nesting-too-deep", at, f"Elements are nested more than {limit} deep here.", "Move a part into a component of its own."
    )


def null_character(at: At) -> Problem:
    return Problem("null-character", at, "A NUL character cannot stand in a component.")


# ---------------------------------------------------------------- attributes


def attribute_without_name(at: At, found: str) -> Problem:
    return Problem("attribute-without-name", at, f"Expected an attribute, found `{found}`.")


def attribute_value_missing(at: At, name: str) -> Problem:
    return Problem("attribute-value-missing", at, f"Expected a value after `{name}=`.", f'Write `{name}="…"` or `{name}={{…}}`.')


def braces_without_name(at: At) -> Problem:
    return Problem(
        "braces-without-name",
        at,
        "Braces in a tag hold a name or a spread: `{name}` or `{**mapping}`.",
        "Write `name={…}` for any other expression.",
    )


def jsx_spread(at: At, name: str) -> Problem:
    return Problem("jsx-spread", at, "`{...x}` is JSX's spread.", f"In Python it is `{{**{name}}}`.")


def backtick_attribute(at: At, name: str) -> Problem:
    return Problem(
        "backtick-attribute", at, "Strings in backticks are JavaScript's.", f'In Python it is an f-string: `{name}=f"text {{x}}"`.'
    )


def jsx_comment(at: At) -> Problem:
    return Problem("jsx-comment", at, "`{/* … */}` is JSX's comment.", "A template comment is written `{# … #}`.")


# ---------------------------------------------------------------- expressions


def unclosed_expression(at: At) -> Problem:
    return Problem(
        "unclosed-expression",
        at,
        "This expression is not closed: expected `}`.",
        'Close the brace. To write a brace as text, use `{"{"}` or `&#123;`.',
    )


def unterminated_string(at: At) -> Problem:
    return Problem("unterminated-string", at, "This string is not closed: expected another quote.")


def unexpected_text(at: At, found: str) -> Problem:
    return Problem("unexpected-text", at, f"`{found}` is not expected here.")


def stray_component_end_tag(at: At, name: str) -> Problem:
    return Problem("stray-component-end-tag", at, f"`</{name}>` closes nothing that is open here.", "Remove it, or open it first.")
