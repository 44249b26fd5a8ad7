"""Every sentence that the compiler says about a whole tree: names, routes, imports of Python files, settings.

What is said of a file as a whole stands at its first line.
"""

from pyastro.compiler.diagnostics import Diagnostic, Severity

OF_WHOLE_FILES = frozenset(
    {
        "adjacent-params",
        "bad-param-name",
        "compiler-failure",
        "duplicate-param",
        "duplicate-route",
        "empty-param-name",
        "endpoint-without-handler",
        "image-damaged",
        "module-clash",
        "not-utf-8",
        "page-behind-endpoint",
        "rest-inside-segment",
        "settings-twice",
        "too-complex",
        "unbalanced-brackets",
        "unreadable-source",
        "unusable-file-name",
    }
)
"""The codes of what concerns a file's name or the whole of it: there is no line to show."""


def _of_file(
    code: str, path: str, message: str, hint: str | None = None, severity: Severity = "error"
) -> Diagnostic:
    return Diagnostic(code, severity, path, 1, 1, message, hint)


# ---------------------------------------------------------------- names of files


def module_clash(path: str, other: str, module: str) -> Diagnostic:
    return _of_file(
        "module-clash",
        path,
        f"`{path}` and `{other}` would both become the module `{module}`.",
        "Rename one of the two. Names that differ in letter case only count as the same.",
    )


def unusable_file_name(path: str) -> Diagnostic:
    return _of_file(
        "unusable-file-name",
        path,
        "The name of this file holds a control character, a backslash, or bytes that are not UTF-8.",
        "Rename the file.",
    )


# ---------------------------------------------------------------- routes


def duplicate_route(path: str, others: list[str], pattern: str) -> Diagnostic:
    both = "both" if len(others) == 1 else "all"
    names = ", ".join(f"`{each}`" for each in others)
    return _of_file(
        "duplicate-route",
        path,
        f"`{path}` and {names} {both} answer the route `{pattern}`.",
        "Remove or rename one of them. A name that begins with `_` is never a route.",
    )


def page_behind_endpoint(path: str, endpoint: str, pattern: str) -> Diagnostic:
    return _of_file(
        "page-behind-endpoint",
        path,
        f"The endpoint `{endpoint}` answers `{pattern}`, so that this page is never shown.",
        "Remove or rename one of the two.",
        "warning",
    )


def empty_param_name(path: str, segment: str) -> Diagnostic:
    return _of_file(
        "empty-param-name",
        path,
        f"The parameter in `{segment}` has an empty name.",
        "Name it: `[id]`, or `[...path]` for any number of segments.",
    )


def bad_param_name(path: str, name: str, suggestion: str | None) -> Diagnostic:
    return _of_file(
        "bad-param-name",
        path,
        f"`{name}` cannot be the name of a parameter: expected letters, digits and `_`.",
        f"Write `[{suggestion}]`." if suggestion else None,
    )


def unbalanced_brackets(path: str, segment: str) -> Diagnostic:
    return _of_file(
        "unbalanced-brackets",
        path,
        f"The brackets in `{segment}` do not match.",
        "A parameter is written `[name]` or `[...name]`.",
    )


def adjacent_params(path: str, segment: str) -> Diagnostic:
    return _of_file(
        "adjacent-params",
        path,
        f"Between two parameters of `{segment}` there is nothing that tells where the first ends.",
        "Put text between them: `[lang]-[version]`.",
    )


def rest_inside_segment(path: str, segment: str) -> Diagnostic:
    return _of_file(
        "rest-inside-segment",
        path,
        f"A rest parameter stands alone in its segment; `{segment}` holds more.",
        "Write `[...name].astro`, or a named parameter: `post-[name].astro`.",
    )


def duplicate_param(path: str, name: str) -> Diagnostic:
    return _of_file(
        "duplicate-param",
        path,
        f"The parameter `{name}` occurs twice in this route.",
        "Give each parameter a name of its own.",
    )


# ---------------------------------------------------------------- Python files


def endpoint_without_handler(path: str) -> Diagnostic:
    name = path.rpartition("/")[2]
    return _of_file(
        "endpoint-without-handler",
        path,
        "A `.py` file below the pages is an endpoint, but this one defines no handler: expected `GET`, `POST` or another method.",
        f"Define `async def GET(context)`. A file that is no endpoint is named `_{name}`, or stands outside the pages.",
    )


def handler_in_lower_case(path: str, line: int, column: int, name: str) -> Diagnostic:
    return Diagnostic(
        "handler-in-lower-case",
        "warning",
        path,
        line,
        column,
        f"`{name}` answers no request: beside handlers in capitals, a name in lower case is an ordinary function.",
        f"Write `{name.upper()}` if it is meant to be a handler.",
    )


def literal_expected(path: str, line: int, column: int, name: str) -> Diagnostic:
    return Diagnostic(
        "literal-expected",
        "error",
        path,
        line,
        column,
        f"`{name}` must be `True` or `False`, written out.",
        "It is read without running the file.",
    )


def python_syntax(path: str, line: int, column: int, sentence: str) -> Diagnostic:
    end = "" if sentence.endswith((".", "?")) else "."
    return Diagnostic("python-syntax", "error", path, line, column, f"Python syntax error: {sentence}{end}")


def unreadable_source(path: str, reason: str) -> Diagnostic:
    return _of_file("unreadable-source", path, f"This file cannot be read: {reason}.")


def image_damaged(path: str, reason: str) -> Diagnostic:
    return _of_file(
        "image-damaged",
        path,
        f"Nothing can be made of this image: {reason}.",
        "Save it again with a program that shows it, or name another in `asset`.",
    )


def import_not_found(
    path: str, line: int, column: int, name: str, suggestion: str | None, file: str | None = None
) -> Diagnostic:
    """`file`: the Python file that does not hold what is imported from it."""
    missing = "Look for it in that file." if file else "Relative imports start at this file's folder."
    hint = f"Did you mean `{suggestion}`?" if suggestion else missing
    sentence = f"`{file}` defines no `{name}`." if file else f"There is no component or module `{name}` here."
    return Diagnostic(
        "import-not-found",
        "error",
        path,
        line,
        column,
        sentence,
        hint,
    )


# ---------------------------------------------------------------- settings


def front_matter(path: str, line: int, column: int, sentence: str) -> Diagnostic:
    return Diagnostic("front-matter", "error", path, line, column, f"{sentence}.")


def markdown_package(path: str, name: str) -> Diagnostic:
    return _of_file(
        "markdown-package",
        path,
        f"A page in Markdown needs the package `{name}`, which is not installed.",
        "Install what Markdown needs: `pip install 'pyastro-web[content]'`.",
    )


def settings_syntax(path: str, line: int, column: int, sentence: str) -> Diagnostic:
    return Diagnostic("settings-syntax", "error", path, line, column, f"TOML syntax error: {sentence}.")


def settings_twice(path: str, other: str) -> Diagnostic:
    return _of_file(
        "settings-twice",
        path,
        f"`{path}` and `{other}` both configure this site.",
        "Keep the settings in one of the two.",
    )


def unknown_setting(path: str, line: int, key: str, suggestion: str | None, known: list[str]) -> Diagnostic:
    hint = (
        f"Did you mean `{suggestion}`?"
        if suggestion
        else f"The settings are {', '.join(f'`{k}`' for k in known)}."
    )
    return Diagnostic("unknown-setting", "error", path, line, 1, f"There is no setting `{key}`.", hint)


def wrong_setting(path: str, line: int, key: str, expected: str, found: str) -> Diagnostic:
    return Diagnostic(
        "wrong-setting", "error", path, line, 1, f"`{key}` should be {expected}, and is {found}."
    )


def bad_redirect(path: str, line: int, source: str, fault: str) -> Diagnostic:
    return Diagnostic("bad-redirect", "error", path, line, 1, f"The redirect of `{source}`: {fault}.")


def redirect_behind_file(path: str, line: int, source: str, file: str) -> Diagnostic:
    return Diagnostic(
        "redirect-behind-file",
        "warning",
        path,
        line,
        1,
        f"`{file}` answers `{source}` too, so that this redirect is never followed.",
        "Remove one of the two.",
    )


def include_matches_nothing(path: str, line: int, pattern: str) -> Diagnostic:
    return Diagnostic(
        "include-matches-nothing", "warning", path, line, 1, f"`include`: no file matches `{pattern}`.", None
    )


# ---------------------------------------------------------------- the build


def compiler_failure(path: str, error: BaseException) -> Diagnostic:
    return _of_file(
        "compiler-failure",
        path,
        f"The compiler failed on this file, which is a mistake of the compiler: {type(error).__name__}: {error}",
        "Please report it, with the file.",
    )


def too_complex(path: str) -> Diagnostic:
    return _of_file(
        "too-complex",
        path,
        "This file is nested too deeply to be compiled.",
        "Move a part into a file of its own.",
    )
