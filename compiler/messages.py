"""Every sentence that the compiler says about a component, one small function for each.

The code is the name of the function with dashes; `docs/errors.md` has an entry for each code.
"""

from collections.abc import Iterable

from pyastro.compiler.diagnostics import Problem
from pyastro.compiler.imports import Asset

At = tuple[int, int]


# ---------------------------------------------------------------- the file and its markup


def unterminated_frontmatter(at: At) -> Problem:
    return Problem(
        "unterminated-frontmatter",
        at,
        "The frontmatter is not closed: expected a line `---` after it.",
        "Close it with three dashes on a line of their own.",
    )


def misplaced_fence(at: At) -> Problem:
    return Problem(
        "misplaced-fence",
        at,
        "The fence that closes the frontmatter stands alone on its line, at its beginning.",
        "Write `---` on a line of its own, and the template below it.",
    )


def text_after_fence(at: At) -> Problem:
    return Problem(
        "text-after-fence",
        at,
        "These dashes open no frontmatter, because something stands behind them: all of it is text of the page.",
        "Write `---` on a line of its own, and the Python below it.",
        "warning",
    )


def unterminated_comment(at: At) -> Problem:
    return Problem(
        "unterminated-comment",
        at,
        "This comment is not closed: expected `-->`.",
        "Write `-->` where it ends.",
    )


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
        f"Write `</{name}>`, or `<{name} />` if it is empty." if name else "Write `</>` where it ends.",
    )


def unclosed_component(at: At, name: str, found: str) -> Problem:
    tag = f"<{name}>"
    return Problem(
        "unclosed-component",
        at,
        f"`{tag}` is not closed before {found}.",
        (
            f"Write `</{name}>`, or `<{name} />` if it has no children."
            if name
            else "Write `</>` where it ends."
        ),
    )


def stray_end_tag(at: At, name: str) -> Problem:
    return Problem(
        "stray-end-tag",
        at,
        f"`</{name}>` closes nothing that is open; it is written as it stands.",
        None,
        "warning",
    )


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
        "nesting-too-deep",
        at,
        f"Elements are nested more than {limit} deep here.",
        "Move a part into a component of its own.",
    )


def null_character(at: At) -> Problem:
    return Problem("null-character", at, "A NUL character cannot stand in a component.")


# ---------------------------------------------------------------- attributes


def attribute_without_name(at: At, found: str) -> Problem:
    return Problem("attribute-without-name", at, f"Expected an attribute, found `{found}`.")


def attribute_value_missing(at: At, name: str) -> Problem:
    return Problem(
        "attribute-value-missing",
        at,
        f"Expected a value after `{name}=`.",
        f'Write `{name}="…"` or `{name}={{…}}`.',
    )


def attributes_not_separated(at: At, name: str) -> Problem:
    return Problem(
        "attributes-not-separated",
        at,
        f"The value of `{name}` ends at a quote with something right behind it: is a quote missing here?",
        "Close the value where it ends, and put white space before the next attribute.",
        "warning",
    )


def unexpected_character_in_attribute_name(at: At, name: str, found: str) -> Problem:
    """The name is the HTML standard's."""
    kind = "A quote" if found in "\"'" else f"`{found}`"
    return Problem(
        "unexpected-character-in-attribute-name",
        at,
        f"{kind} stands in a tag where no value is open: `{name}` is taken for an attribute.",
        (
            "Remove it, or close the tag before it."
            if found == "<"
            else "Remove it, or write what it should open."
        ),
        "warning",
    )


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
        "backtick-attribute",
        at,
        "Strings in backticks are JavaScript's.",
        f'In Python it is an f-string: `{name}=f"text {{x}}"`.',
    )


def jsx_comment(at: At) -> Problem:
    return Problem(
        "jsx-comment",
        at,
        "`/* … */` and `//` are comments of JavaScript.",
        "A template comment is written `{# … #}`.",
    )


# ---------------------------------------------------------------- expressions


def unclosed_expression(at: At, found: str | None = None) -> Problem:
    before = f" before {found}" if found else ""
    return Problem(
        "unclosed-expression",
        at,
        f"This expression is not closed{before}: expected `}}`.",
        'Close the brace. To write a brace as text, use `{"{"}` or `&#123;`.',
    )


def markup_after_value(at: At, name: str) -> Problem:
    return Problem(
        "markup-after-value",
        at,
        f"`<{name}>` stands behind a value, where `<` means less-than.",
        f"Close the brace before it, or join the two: `{{value and <{name}>…</{name}>}}`.",
    )


def else_missing(at: At) -> Problem:
    return python_syntax(at, "Expected 'else' before this markup.", hint="Write `{<p/> if user else <b/>}`.")


def unknown_conversion(at: At, found: str) -> Problem:
    return Problem(
        "unknown-conversion",
        at,
        f"There is no conversion `!{found}`: expected `!r`, `!s` or `!a`.",
    )


def unterminated_string(at: At) -> Problem:
    return Problem("unterminated-string", at, "This string is not closed: expected another quote.")


def stray_component_end_tag(at: At, name: str) -> Problem:
    return Problem(
        "stray-component-end-tag",
        at,
        f"`</{name}>` closes nothing that is open here.",
        "Remove it, or open it first.",
    )


# ---------------------------------------------------------------- Python


def python_syntax(at: At, sentence: str, is_beside_markup: bool = False, hint: str | None = None) -> Problem:
    """Python's own message."""
    if is_beside_markup and "forgot a comma" in sentence:
        hint = _BESIDE_MARKUP
    hint = hint or next((hint for part, hint in _SYNTAX_HINTS.items() if part in sentence), None)
    return Problem("python-syntax", at, f"Python syntax error: {sentence}", hint)


_BESIDE_MARKUP = "Text beside markup in an expression needs a fragment around both: `<>text <b/></>`."
_SYNTAX_HINTS = {
    "its own quotes": "Use the other kind of quotes inside.",
    "Expected 'if' before 'else'": "Write `{<p/> if user else <b/>}`.",
    "Expected 'else'": "Write `{user and <p/>}`, or `{<p/> if user else None}`.",
    "'await' outside async function": "Write `async def`; a `lambda` may wait only inside markup.",
    "Invalid character '\N{LEFT DOUBLE QUOTATION MARK}'": "Write straight quotes.",
    "Invalid character '\N{LEFT SINGLE QUOTATION MARK}'": "Write straight quotes.",
    "nvalid non-printable character": "Type the line anew: something that cannot be seen was pasted with it.",
}
"""What to do about errors of which Python only says what they are."""


def _loop(name: str, items: str) -> str:
    return f"`{{<li>{{{name.partition(',')[0]}}}</li> for {name} in {items}}}`"


def jinja_statement(at: At, word: str = "", name: str = "x", items: str = "xs", test: str = "ok") -> Problem:
    """`name` and `items` are those of a loop, `test` is that of a condition."""
    hints = {
        "if": f"A condition is `{{<p/> if {test} else None}}`, or `{{{test} and <p/>}}`.",
        "for": f"A loop is a comprehension: {_loop(name, items)}.",
        "include": "Import a component, `from ..components import Card`, and write `<Card />`.",
        "import": "Import a component, `from ..components import Card`, and write `<Card />`.",
        "from": "Import a component, `from ..components import Card`, and write `<Card />`.",
        "macro": "A macro is a component: a file of its own with `class Props`.",
        "extends": "A layout is a component with a `<slot />`: `<Layout>…</Layout>`.",
        "block": 'A block is a slot: `<slot name="side" />` in the layout, `<p slot="side">` in the page.',
        "set": "Assign in the frontmatter, `name = value`, or write `{name := value}`.",
        "with": "Assign in the frontmatter, `name = value`, or write `{name := value}`.",
        "raw": "Braces are text in an element with `is:raw`.",
        "url": 'Write the path: `href="/about"`.',
        "load": "What a template needs is imported in the frontmatter.",
        "csrf_token": "Write what the frontmatter has put into a name.",
        "comment": "A template comment is written `{# … #}`.",
    }
    if word.startswith(("end", "el")):
        hints[word] = "What belongs to a loop or a condition stands in its braces, and ends with them."
    both = "Write `{<li>{x}</li> for x in xs}` for a loop and `{<p/> if ok else None}` for a condition."
    return Problem(
        "jinja-statement",
        at,
        "`{% … %}` is Jinja's. Braces hold a Python expression.",
        hints.get(word, both),
    )


def arrow_function(at: At, name: str = "x", items: str = "xs") -> Problem:
    items = items if items.strip(".") else "xs"
    return Problem(
        "arrow-function",
        at,
        "`=>` is JavaScript's arrow function.",
        f"Write a comprehension, `{{<li>{{{name}}}</li> for {name} in {items}}}`, or a lambda, `lambda {name}: …`.",
    )


def mapping_call(at: At, python: str) -> Problem:
    """The same for `.map(…)` and `.filter(…)` in the frontmatter, where no markup is meant."""
    return arrow_function(at)._replace(hint=f"In Python it is a comprehension: `{python}`.")


def javascript_operator(at: At, operator: str) -> Problem:
    word = "and" if operator == "&&" else "or"
    return Problem("javascript-operator", at, f"`{operator}` is JavaScript's.", f"In Python it is `{word}`.")


def javascript_comparison(at: At) -> Problem:
    return Problem(
        "javascript-comparison",
        at,
        "`===` and `!==` are JavaScript's.",
        "In Python they are `==` and `!=`, or `is` and `is not`.",
    )


def javascript_optional(at: At) -> Problem:
    return Problem(
        "javascript-optional",
        at,
        "`?.` and `??` are JavaScript's.",
        "In Python: `x.y if x is not None else None`, or `x or default`.",
    )


def javascript_conditional(at: At) -> Problem:
    return Problem(
        "javascript-conditional",
        at,
        "`? :` is JavaScript's conditional expression.",
        "In Python it is `x if ok else y`: `{<b>x</b> if ok else <i>y</i>}`.",
    )


def plain_conditional(at: At, python: str) -> Problem:
    """The same where no markup is meant."""
    return javascript_conditional(at)._replace(hint=f"In Python it is `{python}`.")


def spread_value(at: At, name: str) -> Problem:
    """`...x` at the beginning of an expression that is shown, or given to an attribute."""
    hint = f"A list is shown item by item: `{{{name}}}`. In brackets it is `[*{name}]` or `{{**{name}}}`."
    return jsx_spread(at, name)._replace(hint=hint)


def plain_spread(at: At, name: str, bracket: str) -> Problem:
    """`...x` inside of a bracket."""
    python = {"{": f"{{**{name}}}", "[": f"[*{name}]", "(": f"f(*{name})"}
    hint = f"In Python it is `{python[bracket]}`."
    return jsx_spread(at, name)._replace(message="`...x` is JavaScript's spread.", hint=hint)


def without_markup(problem: Problem) -> Problem:
    """A problem found in the frontmatter, where the hint shows no markup."""
    return problem._replace(hint=_PLAIN_HINTS.get(problem.code, problem.hint))


_PLAIN_HINTS = {
    "arrow-function": "Write a comprehension, `[f(x) for x in xs]`, or a lambda, `lambda x: …`.",
    "javascript-conditional": "In Python it is `x if ok else y`.",
    "jsx-spread": "In Python it is `[*xs]` in a list, `{**xs}` in a dict.",
}


def javascript_keyword(at: At, word: str, name: str) -> Problem:
    hints = {
        "new": f"In Python a class is called: `{name or 'Date'}(…)`.",
        "typeof": "In Python: `type(x)`, or `isinstance(x, str)`.",
        "instanceof": "In Python: `isinstance(x, Card)`.",
        "function": "In Python: `lambda x: …`, or `def` in the frontmatter.",
        "++": "In Python: `n += 1`, in the frontmatter.",
        "--": "In Python: `n -= 1`, in the frontmatter.",
    }
    hint = hints.get(word, "In Python: `name = value`, in the frontmatter.")
    return Problem("javascript-keyword", at, f"`{word}` is JavaScript's.", hint)


def javascript_environment(at: At, key: str) -> Problem:
    return javascript_name(at, "import.meta.env", "")._replace(
        hint=f'In Python: `from .. import env` and `env.{key}`, if `[env]` declares it, or `os.environ["{key}"]`.',
    )


def javascript_name(at: At, name: str, python: str) -> Problem:
    return Problem("javascript-name", at, f"`{name}` is JavaScript's.", f"In Python it is `{python}`.")


_ELSEWHERE = {
    "console": "It is JavaScript's: `print(…)` writes to the server's log.",
    "JSON": "It is JavaScript's: in Python, `import json` and `json.dumps(…)`.",
    "Math": "It is JavaScript's: in Python, `import math`, or `round`, `min`, `max`, which are there.",
    "Date": "It is JavaScript's: in Python, `from datetime import datetime` and `datetime.now()`.",
    "Object": "It is JavaScript's: a dict has `.items()`, `.keys()` and `.values()`.",
    "Array": "It is JavaScript's: in Python, `list(…)` and `isinstance(x, list)`.",
    "String": "It is JavaScript's: in Python it is `str(…)`.",
    "Number": "It is JavaScript's: in Python it is `int(…)` or `float(…)`.",
    "Promise": "It is JavaScript's: in Python, `await asyncio.gather(…)`.",
    "string": "It is TypeScript's: in Python it is `str`.",
    "number": "It is TypeScript's: in Python it is `int` or `float`.",
    "boolean": "It is TypeScript's: in Python it is `bool`.",
    "parseInt": "It is JavaScript's: in Python it is `int(…)`.",
    "parseFloat": "It is JavaScript's: in Python it is `float(…)`.",
    "require": "It is JavaScript's: in Python, `import …`.",
    "process": "It is JavaScript's: in Python, `import os` and `os.environ`.",
    "document": "It exists in the browser only: use it in a `<script>`.",
    "window": "It exists in the browser only: use it in a `<script>`.",
    "localStorage": "It exists in the browser only: use it in a `<script>`.",
    "const": "It is JavaScript's: in Python, `name = value`.",
    "let": "It is JavaScript's: in Python, `name = value`.",
    "this": "It is JavaScript's: props are names of their own here, `title`, or `Astro.props.title`.",
    "self": "A component is no object: props are names of their own, `title`, or `Astro.props.title`.",
    "props": "The fields of `class Props` are names of their own, `title`; all props are `Astro.props`.",
    "children": "What a caller puts into a component is shown by `<slot />`.",
    "loop": "It is Jinja's: in Python, `for number, x in enumerate(xs, 1)`.",
    "url_for": 'It is Flask\'s: write the path, `href="/about"`.',
    "request": "It is `Astro.request`.",
    "session": 'It is `Astro.session`: `await Astro.session.get("user")`.',
    "g": "It is Flask's: what a middleware puts into `Astro.locals` is read there, `Astro.locals.user`.",
    "redirect": 'It is `return Astro.redirect("/…")`, in the frontmatter.',
}
"""What is known elsewhere, and what is meant by it here."""


_LIBRARY = {
    "typing": "Any Literal Optional Union TypedDict NamedTuple Protocol Annotated cast",
    "collections": "Counter defaultdict namedtuple",
    "collections.abc": "Callable Iterable Iterator Mapping Sequence Awaitable",
    "dataclasses": "dataclass field",
    "datetime": "date timedelta",
    "decimal": "Decimal",
    "enum": "Enum StrEnum",
    "functools": "partial cache lru_cache reduce",
    "itertools": "chain groupby islice",
    "markupsafe": "Markup escape",
    "pathlib": "Path",
    "pyastro.runtime": "trusted sequence",
    "uuid": "UUID",
}
_MODULES = frozenset(
    "asyncio collections csv datetime functools html itertools json math os random re sqlite3 sys time".split()
)
_IMPORTS = {
    name: f"from {module} import {name}" for module, names in _LIBRARY.items() for name in names.split()
}
_IMPORTS |= {name: f"import {name}" for name in _MODULES}
"""How what is often forgotten is imported."""


def undefined_name(at: At, name: str, suggestion: str | None) -> Problem:
    hint = f"Did you mean `{suggestion}`?" if suggestion else None
    if name in _IMPORTS:
        hint = f"Import it: `{_IMPORTS[name]}`."
    hint = _ELSEWHERE.get(name, hint) or "Import it, assign it, or declare it in `class Props`."
    return Problem("undefined-name", at, f"Nothing here is called `{name}`.", hint, "warning")


def undefined_key(at: At, name: str) -> Problem:
    """The same for a name that stands as a key of a dict."""
    return undefined_name(at, name, None)._replace(
        hint=f'The keys of a dict are strings in Python: `"{name}"`.'
    )


def undefined_filter(at: At, name: str) -> Problem:
    """The same for a name behind `|`."""
    return undefined_name(at, name, None)._replace(
        hint=f"Filters are Jinja's: in Python, call a method or a function, `x.{name}()` or `{name}(x)`.",
    )


def undefined_divisor(at: At, name: str, suggestion: str | None) -> Problem:
    """The same for a name behind `//`."""
    problem = undefined_name(at, name, suggestion)
    return problem if suggestion else problem._replace(hint="`//` divides. A comment begins with `#`.")


def jsx_event_handler(at: At, name: str) -> Problem:
    return Problem(
        "jsx-event-handler",
        at,
        f"`{name}={{…}}` is JSX's: components run on the server only, and no function of theirs reaches the browser.",
        f'Write JavaScript, `{name.lower()}="…"`, or add a listener in a `<script>`.',
        "warning",
    )


def vue_directive(at: At, directive: str, name: str, items: str, test: str) -> Problem:
    """`name` and `items` are those of a loop, `test` is that of a condition."""
    return Problem(
        "vue-directive",
        at,
        f"`{directive}` is Vue's: it is written as it stands.",
        f"Write `{{<p/> if {test} else None}}` for a condition, and {_loop(name, items)} for a loop.",
        "warning",
    )


def svelte_block(at: At) -> Problem:
    return Problem(
        "svelte-block",
        at,
        "`{#…}`, `{:…}`, `{/…}` and `{@…}` are Svelte's. Braces hold a Python expression.",
        "Write `{<li>{x}</li> for x in xs}` for a loop, `{<p/> if ok else None}` for a condition, "
        "and `<Fragment set:html={x} />` for HTML.",
    )


def javascript_not(at: At) -> Problem:
    return Problem("javascript-not", at, "`!x` is JavaScript's.", "In Python it is `not x`.")


def backtick_string(at: At) -> Problem:
    return Problem(
        "backtick-string",
        at,
        "Strings in backticks are JavaScript's.",
        'In Python it is an f-string: `f"text {x}"`.',
    )


def statement_in_expression(at: At, word: str) -> Problem:
    if word == ";":
        sentence, hint = "Braces hold one Python expression, without `;`.", "Remove it."
        return Problem("statement-in-expression", at, sentence, hint)
    hints = {
        "for": "A loop is a comprehension: `{<li>{x}</li> for x in xs}`.",
        "if": "A condition is `{<p/> if ok else None}` or `{ok and <p/>}`.",
        "return": "`return` belongs in the frontmatter.",
        "import": "Imports belong in the frontmatter.",
        "from": "Imports belong in the frontmatter.",
    }
    return Problem(
        "statement-in-expression",
        at,
        f"Braces hold a Python expression, but `{word}` begins a statement.",
        hints.get(word, "Statements belong in the frontmatter."),
    )


def assignment_in_expression(at: At, operator: str) -> Problem:
    return Problem(
        "assignment-in-expression",
        at,
        f"Braces hold a Python expression, but `{operator}` is a statement.",
        "Assign in the frontmatter, or write `:=`, which binds and gives the value; compare with `==`.",
    )


def javascript_in_frontmatter(at: At, word: str, hint: str) -> Problem:
    return Problem(
        "javascript-in-frontmatter",
        at,
        f"The frontmatter is Python, and `{word}` is written as in JavaScript.",
        hint,
    )


def markup_in_frontmatter(at: At) -> Problem:
    return Problem(
        "markup-in-frontmatter",
        at,
        "Markup cannot stand in the frontmatter.",
        "Write it in the template, inside braces if it depends on a value.",
    )


def lone_carriage_return(at: At) -> Problem:
    return Problem(
        "lone-carriage-return",
        at,
        "A carriage return without a line feed stands in this Python.",
        "Save the file with LF or CRLF at the ends of its lines.",
    )


def return_value(at: At) -> Problem:
    return Problem(
        "return-value",
        at,
        "A component returns a `Response`, or nothing; what it shows stands in the template.",
        'Write `return Response(…)`, `return Astro.redirect("/…")`, or a bare `return`.',
    )


def markup_operand(at: At, operator: str) -> Problem:
    return Problem(
        "markup-operand",
        at,
        f"Markup is no text: `{operator}` cannot join it to anything.",
        "Put the two side by side in a fragment, `<>{text}<b/></>`, or in a list, `[text, <b/>]`.",
    )


def bad_format_spec(at: At, spec: str, reason: str, is_dict: bool) -> Problem:
    hint = 'A dict has braces of its own: `{{"name": value}}`.' if is_dict else None
    return Problem("bad-format-spec", at, f"`{spec}` is no format for this value: {reason}.", hint)


def yield_in_component(at: At) -> Problem:
    return Problem(
        "yield-in-component",
        at,
        "`yield` cannot stand here: a component is no generator.",
        "Put it into a function.",
    )


def unmatched_bracket(at: At, bracket: str) -> Problem:
    return Problem("unmatched-bracket", at, f"Python syntax error: Unmatched `{bracket}`.")


# ---------------------------------------------------------------- frontmatter


def literal_expected(at: At, name: str) -> Problem:
    return Problem(
        "literal-expected",
        at,
        f"`{name}` must be `True` or `False`, written out.",
        "It is read without running the component.",
    )


def not_at_top_level(at: At, name: str) -> Problem:
    return Problem(
        "not-at-top-level",
        at,
        f"`{name}` is read without running the component, so that nothing around it counts.",
        "Put it at the top level of the frontmatter.",
    )


def defined_twice(at: At, name: str) -> Problem:
    return Problem(
        "defined-twice", at, f"`{name}` is defined twice in this frontmatter.", "Keep one of the two."
    )


def static_paths_function(at: At) -> Problem:
    return Problem(
        "static-paths-function",
        at,
        "`get_static_paths` is a function that is written out: it is called without running the component.",
        "Write `def get_static_paths(): return […]`, or import it.",
    )


def cannot_hoist(at: At, what: str, name: str) -> Problem:
    return Problem(
        "cannot-hoist",
        at,
        f"{what} uses `{name}`, which exists only while the component renders.",
        "It is moved to the top of the module, where only imports are known. Import the name, or define it inside.",
    )


def default_name(at: At, field: str, name: str) -> Problem:
    return Problem(
        "default-name",
        at,
        f"The default of `{field}` uses `{name}`, which does not exist yet when defaults are put in.",
        "A default may use imports and earlier fields. Use `None` as the default, and put the value in below.",
    )


def component_member(at: At, module: str, name: str) -> Problem:
    return Problem(
        "component-member",
        at,
        f"`{module}` is a component; there is no `{name}` in it to import.",
        f"The module itself is what a tag names: `from {module.rpartition('.')[0] or '.'} import {module.rpartition('.')[2]}`.",
    )


def props_syntax(at: At, found: str) -> Problem:
    return Problem(
        "props-syntax",
        at,
        f"`class Props` holds fields, `name: type` or `name: type = default`; found {found}.",
        "Move anything else out of the class.",
    )


def props_field_without_type(at: At, name: str, annotation: str, default: str) -> Problem:
    return props_syntax(at, f"`{name}` without a type")._replace(
        hint=f"Write `{name}: {annotation} = {default}`."
    )


def props_base(at: At, name: str, origin: str) -> Problem:
    hint = "A base class stands in this frontmatter. Copy the fields that are meant, or move the class here."
    if origin in ("typing.TypedDict", "typing.NamedTuple"):
        hint = "Drop the base class: `class Props:` alone declares fields, with defaults or without."
    return Problem(
        "props-base", at, f"The fields that `{name}` would give to `class Props` are not known.", hint
    )


def dataclass_default(at: At, found: str) -> Problem:
    return Problem(
        "dataclass-default",
        at,
        f"This default {found}, which `@dataclass` does not allow.",
        "Drop `@dataclass`, and defaults are evaluated for each render; or write `field(default_factory=…)`.",
    )


def dataclass_order(at: At, name: str) -> Problem:
    return Problem(
        "dataclass-order",
        at,
        f"`{name}` has no default but follows a field that has one, which `@dataclass` does not allow.",
        "Move it up, write `@dataclass(kw_only=True)`, or drop `@dataclass`.",
    )


def duplicate_field(at: At, name: str) -> Problem:
    return Problem("duplicate-field", at, f"`{name}` is declared twice in `class Props`.")


def misspelt_special(at: At, name: str, meant: str) -> Problem:
    return Problem(
        "misspelt-special",
        at,
        f"`{name}` is an ordinary name: the compiler reads `{meant}`.",
        f"Write `{meant}` if that is meant.",
        "warning",
    )


def missing_fence(at: At) -> Problem:
    return Problem(
        "missing-fence",
        at,
        "This line closes no frontmatter: what stands above it is text of the page.",
        "Write a line `---` at the top of the file as well.",
        "warning",
    )


def unknown_of_astro(at: At, name: str, suggestion: str | None) -> Problem:
    hint = f"Did you mean `{suggestion}`?" if suggestion else None
    return Problem("unknown-of-astro", at, f"`Astro` has no `{name}`.", hint, "warning")


def missing_await(at: At, name: str, is_followed: bool) -> Problem:
    """`is_followed`: does something read what the call gives?"""
    return Problem(
        "missing-await",
        at,
        f"`{name}(…)` does nothing until it is awaited.",
        (
            f"Write `(await {name}(…))`, with what follows behind the bracket."
            if is_followed
            else f"Write `await {name}(…)`."
        ),
        "warning",
    )


def unused_response(at: At, name: str) -> Problem:
    return Problem(
        "unused-response",
        at,
        f"What `{name}(…)` gives is not returned, so that nothing comes of it.",
        f"Write `return {name}(…)`.",
        "warning",
    )


def handler_in_component(at: At, name: str) -> Problem:
    return Problem(
        "handler-in-component",
        at,
        f"Nothing calls `{name}`: a page answers every method itself.",
        "Look at `Astro.request.method`, or write an endpoint, a `.py` file below `pages/`.",
        "warning",
    )


# ---------------------------------------------------------------- components, slots, directives


def lower_case_component(at: At, name: str, component: str) -> Problem:
    return Problem(
        "lower-case-component",
        at,
        f"`<{name}>` is an HTML element that nobody knows; the import `{component}` is not used.",
        f"Write `<{component}>`: a component's tag begins with a capital letter.",
        "warning",
    )


def unknown_directive(at: At, name: str, suggestion: str | None) -> Problem:
    hint = f"Did you mean `{suggestion}`?"
    if suggestion is None:
        hint = "There is no such directive here: write HTML, or a listener in a `<script>`."
    if suggestion is None and name.startswith("class:"):
        hint = f'Write `class:list={{["…", {{"{name[6:]}": ok}}]}}`.'
    return Problem(
        "unknown-directive", at, f"`{name}` is no directive: it is written as it stands.", hint, "warning"
    )


def braces_in_quotes(at: At, spelling: str, code: str) -> Problem:
    return Problem(
        "braces-in-quotes",
        at,
        f"In quotes braces are text: `{code}` is not looked up.",
        f"Write `{spelling}`.",
        "warning",
    )


def undefined_tag(at: At, name: str, suggestion: str | None, is_owner_known: bool) -> Problem:
    first, _, rest = name.partition(".")
    hint = f"Import it in the frontmatter: `from ..components import {first}`."
    if is_owner_known:
        hint = f"`{first}` has no `{rest}`."
    elif not first.isidentifier():
        hint = "A tag that names a component is a Python name, perhaps with dots."
    if suggestion:
        hint = f"Did you mean `<{suggestion}>`?"
    return Problem(
        "undefined-tag", at, f"`<{name}>` is a component, but nothing here is called `{name}`.", hint
    )


def import_of(place: str) -> str:
    """The import of a module: `..components.Card` is `from ..components import Card`."""
    package, _, name = place.rpartition(".")
    owner = package if package.strip(".") else package + "." * place.startswith(".")
    return f"from {owner} import {name}" if owner else f"import {name}"


def component_not_found(at: At, name: str, suggestion: str | None, file: str | None = None) -> Problem:
    """`file`: the Python file that does not hold what is imported from it."""
    if file is not None:
        hint = f"Did you mean `{suggestion}`?" if suggestion else "Look for it in that file."
        return Problem("component-not-found", at, f"`{file}` defines no `{name}`.", hint)
    hint = (
        f"Did you mean `{suggestion}`?"
        if suggestion
        else "Look at the path: relative imports start at this file's folder."
    )
    if name.endswith(".astro"):
        hint = f"The suffix is left out: `{import_of(name.removesuffix('.astro'))}`."
    return Problem("component-not-found", at, f"There is no component or module `{name}` here.", hint)


def import_from_elsewhere(at: At, name: str, ours: str) -> Problem:
    return Problem(
        "import-from-elsewhere",
        at,
        f"`import {name}` means an installed package; the component of this site is somewhere else.",
        f"Write `{ours}`.",
        "warning",
    )


def prop_behind_method(at: At, name: str) -> Problem:
    return Problem(
        "prop-behind-method",
        at,
        f"`Astro.props.{name}` is the mapping's own method, not the prop.",
        f'Write `Astro.props["{name}"]`, or declare `{name}` in `class Props`.',
        "warning",
    )


def missing_prop(at: At, component: str, prop: str) -> Problem:
    return Problem("missing-prop", at, f"`<{component}>` needs the prop `{prop}`.")


def unknown_prop(at: At, component: str, prop: str, suggestion: str | None) -> Problem:
    hint = (
        f"Did you mean `{suggestion}`?"
        if suggestion
        else f"Declare it in the `class Props` of `{component}`."
    )
    if prop == "slot":
        hint = "Only a direct child of a component names the slot that it goes to."
    return Problem("unknown-prop", at, f"`<{component}>` has no prop `{prop}`.", hint)


def duplicate_prop(at: At, component: str, prop: str) -> Problem:
    return Problem("duplicate-prop", at, f"`{prop}` is given twice to `<{component}>`.")


def unknown_slot(at: At, component: str, slot: str) -> Problem:
    return Problem(
        "unknown-slot",
        at,
        f"`<{component}>` declares no slot `{slot}`: this content is never rendered.",
        None,
        "warning",
    )


def dynamic_slot_name(at: At) -> Problem:
    return Problem(
        "dynamic-slot-name",
        at,
        "The name of a `<slot>` is plain text, not an expression.",
        "`{await Astro.slots.render(name)}` renders the slot that a value names.",
    )


def dynamic_slot_in_expression(at: At) -> Problem:
    return Problem(
        "dynamic-slot-in-expression",
        at,
        "Inside an expression, the name of a slot is plain text: which slots are given must be known before it runs.",
        'Write `slot="name"`, or put the element outside of the braces.',
    )


def client_directive(at: At, name: str) -> Problem:
    return Problem(
        "client-directive",
        at,
        f"`{name}` needs a component that runs in the browser; components here run on the server only.",
        "Use a `<script>`, or a custom element.",
    )


def set_on_void_element(at: At, directive: str, name: str) -> Problem:
    return Problem(
        "set-on-void-element",
        at,
        f"`{directive}` cannot be used on `<{name}>`: a void element has no content.",
    )


def set_with_children(at: At, directive: str, name: str) -> Problem:
    return Problem(
        "set-with-children",
        at,
        f"`<{name}>` has `{directive}` and children: the children are never rendered.",
        "Remove one of the two.",
        "warning",
    )


def set_twice(at: At, first: str, second: str) -> Problem:
    return Problem(
        "set-twice",
        at,
        f"`{first}` stands before this `{second}`, and an element has one content: this is never rendered.",
        "Remove one of the two.",
        "warning",
    )


def braces_in_style(at: At, name: str) -> Problem:
    return Problem(
        "braces-in-style",
        at,
        f"In a style sheet braces are CSS's: `{name}` is not looked up.",
        f"Write `<style define:vars={{{{{name}}}}}>`, and `var(--{name})` for its value.",
        "warning",
    )


def style_attribute(at: At, name: str) -> Problem:
    return Problem(
        "style-attribute",
        at,
        f"`{name}` is not written: the rules go into the page's style sheet.",
        "With `is:inline` the element stays where it stands, and its rules are not scoped.",
        "warning",
    )


def define_vars_value(at: At) -> Problem:
    return Problem(
        "define-vars-value",
        at,
        "`define:vars` takes a dict, or names in braces.",
        "Write `define:vars={{fg, bg}}` or `{{'fg': fg}}`.",
    )


def define_vars_in_expression(at: At) -> Problem:
    return Problem(
        "define-vars-in-expression",
        at,
        "A `<style>` in an expression stays there, and `define:vars` on it has no elements to write its values to.",
        "Move the style out of the expression, or set the values with `style={{'--fg': fg}}` on an element.",
    )


def define_vars_nowhere(at: At) -> Problem:
    return Problem(
        "define-vars-nowhere",
        at,
        "This component has no element of its own on which `define:vars` could write its values.",
        "Put an element around what it renders.",
        "warning",
    )


def misplaced_directive(at: At, directive: str, name: str, right: Iterable[str]) -> Problem:
    names = ", ".join(f"`<{each}>`" for each in right)
    return Problem(
        "misplaced-directive",
        at,
        f"`{directive}` does nothing on `<{name}>`: it is for {names}.",
        "Remove it.",
        "warning",
    )


def style_syntax(at: At, sentence: str) -> Problem:
    return Problem("style-syntax", at, f"In this style sheet: {sentence}", None, "warning")


def import_with_query(at: At) -> Problem:
    return Problem(
        "import-with-query",
        at,
        "This `@import` has a media query of its own, which the `media` of its `<style>` cannot limit any further.",
        "Write the whole query at the `@import`, in a `<style>` without `media`.",
        "warning",
    )


def wrong_asset(at: At, path: str, found: Asset) -> Problem:
    """Why a file that is named cannot be used."""
    match found.kind:
        case "outside":
            return asset_outside(at, path)
        case "refused":
            return asset_refused(at, path)
        case "circle":
            return asset_circle(at, path)
        case "unreadable":
            return image_unreadable(at, path)
    return asset_missing(at, path, found.suggestion)


def asset_outside(at: At, path: str) -> Problem:
    return Problem(
        "asset-outside",
        at,
        f"`{path}` is not inside the source root.",
        "Give a path from this file to one below the folder that holds the pages: `../assets/logo.png`.",
    )


def asset_refused(at: At, path: str) -> Problem:
    return Problem(
        "asset-refused", at, f"`{path}` would be served to everybody: sources and hidden files are not."
    )


def asset_circle(at: At, path: str) -> Problem:
    return Problem("asset-circle", at, f"`{path}` imports the style sheet that imports it.")


def asset_missing(at: At, path: str, suggestion: str | None) -> Problem:
    hint = f"Did you mean `{suggestion}`?" if suggestion else "It is looked for beside this file."
    return Problem("asset-missing", at, f"There is no file `{path}`.", hint)


def asset_path(at: At) -> Problem:
    return Problem(
        "asset-path",
        at,
        "`asset` is called with the path of a file, as a string literal.",
        'The file is found when the page is compiled: `asset("../assets/logo.png")`.',
    )


def missing_alt(at: At) -> Problem:
    return Problem(
        "missing-alt",
        at,
        "This image has no `alt`: those who do not see it are told its file's name.",
        'Say in `alt` what it shows; `alt=""` where it is decoration.',
        "warning",
    )


def image_alt(at: At, name: str) -> Problem:
    return Problem(
        "image-alt",
        at,
        f"`<{name}>` needs `alt`.",
        'Say there what the image shows; `alt=""` where it is decoration.',
    )


def image_src(at: At, path: str) -> Problem:
    return Problem(
        "image-src",
        at,
        f"`{path}` is no address: as text, `src` begins with `/` or `https:`.",
        f'An image of the site is named by `asset`: `src={{asset("{path or "../images/photo.jpg"}")}}`.',
    )


def image_size(at: At, name: str) -> Problem:
    return Problem(
        "image-size",
        at,
        f"`<{name}>` needs `width` and `height`, since nobody looks at images elsewhere or in `public/`.",
        "Give both, in pixels: browsers keep the room for it then.",
    )


def image_option(at: At, sentence: str, hint: str | None = None) -> Problem:
    return Problem("image-option", at, sentence, hint)


def image_literal(at: At, name: str) -> Problem:
    return Problem(
        "image-literal",
        at,
        f"`{name}` is known only when the page is rendered.",
        f"Images are made when the site is compiled: write the value there, such as `{name}={_EXAMPLES[name]}`.",
    )


_EXAMPLES = {
    "densities": "{[1.5, 2]}",
    "fallback_format": '"png"',
    "format": '"avif"',
    "formats": '{["avif", "webp"]}',
    "height": "{300}",
    "layout": '"fixed"',
    "quality": "{70}",
    "width": "{400}",
    "widths": "{[400, 800]}",
}


def image_unreadable(at: At, path: str) -> Problem:
    return Problem(
        "image-unreadable",
        at,
        f"`{path}` is no image whose size can be read.",
        "Images are PNG, JPEG, WebP, GIF or SVG, with the ending that says so.",
    )


def image_package(at: At, path: str) -> Problem:
    return Problem(
        "image-package",
        at,
        f"`{path}` is shown as it is: smaller images need the package Pillow, which is not installed.",
        "Install it: `pip install 'pyastro-web[images]'`.",
        "warning",
    )


def style_src(at: At) -> Problem:
    return Problem(
        "style-src",
        at,
        "A `<style>` with `src` names a file, has `is:global`, and nothing else.",
        '`<style is:global src="../styles/site.css"></style>`. Scoped styles stand in the component.',
    )


def style_language(at: At, language: str) -> Problem:
    return Problem(
        "style-language", at, f'`<style lang="{language}">` is not supported: only CSS and Sass are.'
    )


def sass_package(at: At) -> Problem:
    return Problem(
        "sass-package",
        at,
        "Sass needs the package `libsass`, which is not installed.",
        "Install it: `pip install 'pyastro-web[sass]'`.",
    )


def sass_syntax(at: At, said: str) -> Problem:
    return Problem("sass-syntax", at, f"Sass: {said}")


def script_needs_esbuild(at: At, package: str) -> Problem:
    said = (
        f"`{package}` is imported, which no browser finds"
        if package
        else "this is TypeScript, which no browser runs"
    )
    return Problem(
        "script-needs-esbuild",
        at,
        f"In this script: {said}, and esbuild is not installed.",
        'Install it beside the pages: `npm install esbuild`. A `<script type="module">` stays as it is written.',
    )


def script_bundle(at: At, said: str, package: str | None) -> Problem:
    hint = f"Install it beside the pages: `npm install {package}`." if package else None
    return Problem("script-bundle", at, f"esbuild: {said}", hint)


def script_outside(at: At, path: str) -> Problem:
    return Problem(
        "script-outside",
        at,
        f"`{path}` would be served to everybody: hidden files, and those outside of the source root, are not.",
        "Move it below the folder that holds the pages, or make a package of it and install it.",
    )


def script_style(at: At, path: str) -> Problem:
    said = "is a style sheet" if path.endswith(".css") else "imports a style sheet"
    return Problem(
        "script-style",
        at,
        f"`{path}` {said}, which no script brings into a page.",
        '`<style is:global src="../styles/site.css"></style>` in the component does.',
    )


def duplicate_attribute(at: At, name: str) -> Problem:
    return Problem(
        "duplicate-attribute",
        at,
        f"`{name}` is given twice; browsers read the first, and both are written.",
        None,
        "warning",
    )


def set_display(at: At, code: str) -> Problem:
    return Problem(
        "set-display",
        at,
        "`{{ x }}` is a set of one element in Python, not Jinja's output.",
        f"Write `{{{code}}}`.",
        "warning",
    )


def jsx_attribute_name(at: At, name: str, html: str) -> Problem:
    return Problem("jsx-attribute-name", at, f"`{name}` is JSX's.", f"In HTML it is `{html}`.", "warning")


def loop_too_deep(at: At, limit: int) -> Problem:
    return Problem(
        "loop-too-deep",
        at,
        f"Loops and conditions are nested more than {limit} deep here.",
        "Move a part into a component of its own.",
    )
