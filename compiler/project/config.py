"""The settings of a site: `[tool.pyastro]` in `pyproject.toml`, or `pyastro.toml`, beside the pages."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pyastro.compiler.diagnostics import Diagnostic
from pyastro.compiler.project import messages
from pyastro.compiler.project.build_settings import read_build
from pyastro.compiler.project.environment_settings import read_environment_settings
from pyastro.compiler.project.language_settings import read_languages
from pyastro.compiler.project.security_settings import read_security
from pyastro.compiler.project.session_settings import read_session
from pyastro.compiler.project.setting_tables import (
    Fault,
    Reader,
    Wrong,
    boolean,
    one_of,
    read_each,
    read_table,
    wrong,
)
from pyastro.compiler.project.setting_tables import text as text_setting
from pyastro.compiler.suggest import closest

OWN_FILE = "pyastro.toml"
SHARED_FILE = "pyproject.toml"
REDIRECT_STATUSES = (301, 302, 303, 307, 308)


class Redirect(NamedTuple):
    """Where a path leads, and with which status (RFC 9110, 15.4); without one, it depends on the method."""

    to: str
    status: int | None = None


class Config(NamedTuple):
    """What the author configured. The names are Astro's in snake_case."""

    site: str | None = None
    """The URL that the site will have."""
    base: str = "/"
    """The path below which the site is served: begins with a slash, and ends with one only if it is `/`."""
    trailing_slash: str = "ignore"
    output: str | None = None
    """`static`: pages are rendered ahead unless they say otherwise; `server`: when they are asked for."""
    adapter: str | None = None
    """What packs a build for its host."""
    build: Mapping[str, Any] = {}
    """How files are written, as far as it is not the default."""
    sitemap: bool = True
    external: tuple[str, ...] = ()
    """Packages that are never taken for files of the source root."""
    include: tuple[str, ...] = ()
    """Patterns of data files that come along into the build."""
    redirects: Mapping[str, Redirect] = {}
    session: Mapping[str, Any] = {}
    """Where sessions are kept, as far as it is not the default."""
    i18n: Mapping[str, Any] | None = None
    """The languages of the site."""
    security: Mapping[str, Any] = {}
    """What browsers are told to be careful about."""
    env: Mapping[str, Mapping[str, Any]] = {}
    """The settings that the site takes from its environment."""
    path: str = OWN_FILE
    """The file that the settings stand in."""
    lines: Mapping[str, int] = {}
    """The line of each setting in that file, and of each redirect: `redirects./old`."""

    @property
    def build_settings(self) -> dict[str, Any]:
        """What `pyastro build` needs to know, as far as it is not the default."""
        settings = {"output": self.output, "adapter": self.adapter, "build": self.build}
        chosen: dict[str, Any] = {name: value for name, value in settings.items() if value}
        return chosen if self.sitemap else {**chosen, "sitemap": False}


def read_config(root: Path) -> tuple[Config, list[Diagnostic]]:
    """The settings beside the pages, and what is wrong with them. Without a file, all have their defaults."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    problems: list[Diagnostic] = []
    for name in (OWN_FILE, SHARED_FILE):
        file = root / name
        if not file.is_file():
            continue
        import tomllib

        try:
            text = file.read_text("utf-8")
            table = _table(name, tomllib.loads(text))
        except UnicodeDecodeError:
            problems.append(messages.settings_syntax(name, 1, 1, "the file is not UTF-8"))
        except OSError as error:
            problems.append(messages.unreadable_source(name, error.strerror or str(error)))
        except RecursionError:
            problems.append(messages.settings_syntax(name, 1, 1, "the file is nested too deeply"))
        except tomllib.TOMLDecodeError as error:
            problems.append(_syntax(name, text, str(error)))
        else:
            if table is not None:
                found.append((name, text, table))
    if len(found) > 1:
        problems.append(messages.settings_twice(found[0][0], found[1][0]))
    if not found:
        return Config(), problems
    config, wrong = _read_settings(*found[0])
    return config, problems + wrong


def _table(name: str, data: dict[str, Any]) -> dict[str, Any] | None:
    """The settings in a file, if it has any."""
    if name == OWN_FILE:
        return data
    table = data.get("tool", {})
    table = table.get("pyastro") if isinstance(table, dict) else None
    return table if isinstance(table, dict) else None


def _syntax(name: str, text: str, sentence: str) -> Diagnostic:
    """A syntax error at the place that tomllib tells only in its sentence."""
    place = re.search(r" \(at line (\d+), column (\d+)\)$", sentence)
    if place:
        return messages.settings_syntax(name, int(place[1]), int(place[2]), sentence[: place.start()])
    line = text.count("\n") + 1
    return messages.settings_syntax(name, line, 1, sentence.removesuffix(" (at end of document)"))


def _read_settings(path: str, text: str, table: dict[str, Any]) -> tuple[Config, list[Diagnostic]]:
    lines = {key: _line_of(path, text, key) for key in table}
    problems: list[Diagnostic] = []
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in _READERS:
            close = closest(key, _READERS)
            problems.append(messages.unknown_setting(path, lines[key], key, close, list(_READERS)))
            continue
        try:
            values[name] = _READERS[name](value)
        except Wrong as error:
            problems += [_problem(path, text, lines[key], key, fault) for fault in error.faults]
    for entry in values.get("redirects", ()):
        lines[f"redirects.{entry}"] = _line_inside(text, lines["redirects"], (entry,))
    return Config(path=path, lines=lines)._replace(**values), problems


def _problem(path: str, text: str, line: int, setting: str, fault: Fault) -> Diagnostic:
    """What is said of a fault inside of a setting, which begins at a line."""
    key = ".".join((setting, *fault.keys))
    line = _line_inside(text, line, fault.keys)
    if fault.known is None:
        return messages.wrong_setting(path, line, key, fault.expected, _shown(fault.value))
    close = closest(fault.keys[-1], fault.known)
    return messages.unknown_setting(path, line, key, close, list(fault.known))


def _line_inside(text: str, line: int, keys: tuple[str, ...]) -> int:
    """The line of a setting inside of a table that begins at a line, or the nearest that can be found."""
    lines = text.splitlines()
    for key in keys:
        name = re.compile(rf"""(^|[\s{{,.\["']){re.escape(key)}["']?\s*[=.\]]""")
        line = next((i for i, each in enumerate(lines[line - 1 :], line) if name.search(each)), line)
    return line


def _line_of(path: str, text: str, key: str) -> int:
    """The line on which a setting is written. tomllib does not tell, so the file is searched for it."""
    lines = text.splitlines()
    start = 0
    if path == SHARED_FILE:
        header = re.compile(r"\s*\[\s*tool\s*\.\s*pyastro\b")
        start = next((i for i, line in enumerate(lines) if header.match(line)), 0)
    quoted = re.escape(key)
    setting = re.compile(rf"""\s*(\[+\s*(tool\s*\.\s*pyastro\s*\.\s*)?)?["']?{quoted}["']?\s*[=.\]]""")
    return next((i for i, line in enumerate(lines[start:], start + 1) if setting.match(line)), start + 1)


def _shown(value: object) -> str:
    kinds = {dict: "a table", list: "a list", bool: "true" if value is True else "false"}
    return kinds.get(type(value), f"`{value}`")


# ---------------------------------------------------------------- one reader for each setting


def _site(value: object) -> str:
    if isinstance(value, str):
        try:
            url = urlsplit(value)
            if url.scheme in ("http", "https") and url.hostname:
                return value
        except ValueError:
            pass
    raise wrong('a URL such as "https://example.org"', value)


def _base(value: object) -> str:
    if not isinstance(value, str) or any(c in value for c in "?#\\ \t\r\n"):
        raise wrong('a path such as "/docs"', value)
    return "/" + value.strip("/")


def _module_names(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(v, str) and _is_dotted_name(v) for v in value):
        return tuple(value)
    raise wrong('a list of packages such as ["shop"]', value)


def _is_dotted_name(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))


def _patterns(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(v, str) and _is_pattern(v) for v in value):
        return tuple(v.removeprefix("./") for v in value)
    raise wrong('a list of patterns below the source root, such as ["data/*.json"]', value)


def _is_pattern(text: str) -> bool:
    """A pattern stays below the source root."""
    parts = re.split(r"[/\\]", text)
    return bool(text) and ".." not in parts and parts[0] != "" and "\\" not in text and "\0" not in text


def _redirects(value: object) -> dict[str, Redirect]:
    if not isinstance(value, dict):
        raise wrong('a table of paths, such as {"/old" = "/new"}', value)
    return read_each(value, _redirect)


def _redirect(path: str) -> Reader:
    """The reader of where a path leads: a target, or a table with its status, which Astro calls `destination`."""

    def read(value: object) -> Redirect:
        if not path.startswith("/"):
            raise wrong(f'called by a path, such as "/{path}"', path)
        if isinstance(value, dict):
            table = read_table(value, _REDIRECT_READERS, "")
            if "to" in table or "destination" in table:
                return Redirect(table.get("to") or table["destination"], table.get("status"))
        elif isinstance(value, str):
            return Redirect(_target(value))
        raise wrong('a path, or a table such as {to = "/new", status = 302}', value)

    return read


def _status(value: object) -> int:
    if isinstance(value, int) and value in REDIRECT_STATUSES:
        return value
    raise wrong(f"one of {', '.join(map(str, REDIRECT_STATUSES))}", value)


_target = text_setting('a path such as "/new", or a URL')
_REDIRECT_READERS: Mapping[str, Reader] = {"to": _target, "destination": _target, "status": _status}


_READERS: dict[str, Callable[[object], Any]] = {
    "site": _site,
    "base": _base,
    "trailing_slash": one_of("ignore", "always", "never"),
    "output": one_of("static", "server"),
    "adapter": text_setting('the name of an adapter, such as "server"'),
    "build": read_build,
    "sitemap": boolean,
    "external": _module_names,
    "include": _patterns,
    "redirects": _redirects,
    "session": read_session,
    "i18n": read_languages,
    "security": read_security,
    "env": read_environment_settings,
}
