from collections.abc import Callable
from pathlib import Path

import pytest

from pyastro.compiler.project.config import Config, Redirect, read_config

Write = Callable[..., Path]


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert read_config(tmp_path) == (Config(), [])


def test_a_file_of_other_tools_configures_nothing(write: Write) -> None:
    assert read_config(write({"pyproject.toml": "[tool.black]\nline-length = 100\n"})) == (Config(), [])
    assert read_config(write({"pyproject.toml": "tool = 1\n"})) == (Config(), [])


SETTINGS = """\
site = "https://example.org"
base = "docs/"
trailing_slash = "always"
output = "static"
external = ["shop", "a.b"]
include = ["./data/*.json"]
[{prefix}redirects]
"/old" = "/new"
"/x" = {{ to = "https://example.com/", status = 302 }}
"""


@pytest.mark.parametrize(
    "files",
    [
        {"pyastro.toml": SETTINGS.format(prefix="")},
        {
            "pyproject.toml": "[project]\nname = 'x'\n[tool.pyastro]\n"
            + SETTINGS.format(prefix="tool.pyastro.")
        },
    ],
)
def test_settings(write: Write, files: dict[str, str]) -> None:
    config, problems = read_config(write(files))
    assert problems == []
    assert config.site == "https://example.org"
    assert (config.base, config.trailing_slash, config.output) == ("/docs", "always", "static")
    assert config.external == ("shop", "a.b")
    assert config.include == ("data/*.json",)
    assert config.redirects == {"/old": Redirect("/new"), "/x": Redirect("https://example.com/", 302)}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("site = 1", "URL"),
        ('site = "example.org"', "URL"),
        ('site = "http://[x"', "URL"),
        ("base = []", "path"),
        ('base = "/a?b"', "path"),
        ('trailing_slash = "sometimes"', "`ignore`, `always`, `never`"),
        ('output = "hybrid"', "one of"),
        ('external = "shop"', "list of packages"),
        ('external = ["my-shop"]', "list of packages"),
        ('include = ["../x"]', "below the source root"),
        ('include = ["/etc/passwd"]', "below the source root"),
        ("redirects = 1", "table"),
    ],
)
def test_wrong_values(write: Write, line: str, words: str) -> None:
    key = line.split(" ")[0]
    _, (problem,) = read_config(write({"pyastro.toml": f"# settings\n{line}\n"}))
    assert (problem.code, problem.path, problem.line) == ("wrong-setting", "pyastro.toml", 2)
    assert f"`{key}`" in problem.message
    assert words in problem.message


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [("trailing_slashes", "trailing_slash"), ("trailingSlash", "trailing_slash"), ("sites", "site")],
)
def test_unknown_settings(write: Write, key: str, suggestion: str) -> None:
    text = f"[project]\n{key} = 1\n\n[tool.pyastro]\n\n{key} = 'x'\n"
    _, (problem,) = read_config(write({"pyproject.toml": text}))
    assert (problem.code, problem.path, problem.line) == ("unknown-setting", "pyproject.toml", 6)
    assert problem.hint == f"Did you mean `{suggestion}`?"


def test_all_errors_are_reported(write: Write) -> None:
    _, problems = read_config(write({"pyastro.toml": "a = 1\nsite = 2\nbase = 3\n"}))
    assert [p.line for p in problems] == [1, 2, 3]


def test_syntax_errors_have_their_place(write: Write) -> None:
    _, (problem,) = read_config(write({"pyastro.toml": 'site = "x"\nbase = = 1\n'}))
    assert (problem.code, problem.line, problem.column) == ("settings-syntax", 2, 8)
    assert "at line" not in problem.message
    _, (problem,) = read_config(write({"pyastro.toml": b"\xff"}))
    assert problem.code == "settings-syntax"
    _, (problem,) = read_config(write({"pyastro.toml": "x = " + "[" * 5000 + "]" * 5000}))
    assert problem.code == "settings-syntax"


def test_settings_stand_in_one_file(write: Write) -> None:
    root = write({"pyastro.toml": "", "pyproject.toml": "[tool.pyastro]\n"})
    _, (problem,) = read_config(root)
    assert problem.code == "settings-twice"


# ---------------------------------------------------------------- tables of settings


TABLES = """\
[session]
driver = "redis"
url = "redis://localhost:6379/0"
prefix = "shop:"
idle = 3600
cookie = "__Host-sid"

[i18n]
locales = ["en", { path = "francais", codes = ["fr", "fr-CA"] }]
default_locale = "francais"

[env]
DATABASE_URL = { type = "url", secret = true }
PORT = { type = "int", default = 8000, min = 1, max = 65535 }
MODE = { type = "enum", values = ["test", "live"], default = "test" }

[env.RATE]
type = "number"
optional = true
"""


def test_tables(write: Write) -> None:
    config, problems = read_config(write({"pyastro.toml": TABLES}))
    assert problems == []
    assert config.session == {
        "driver": "redis",
        "url": "redis://localhost:6379/0",
        "prefix": "shop:",
        "idle": 3600,
        "cookie": {"name": "__Host-sid", "secure": True},
    }
    assert config.i18n == {
        "locales": [{"path": "en", "codes": ["en"]}, {"path": "francais", "codes": ["fr", "fr-CA"]}],
        "default_locale": "francais",
    }
    assert config.env == {
        "DATABASE_URL": {"type": "url", "secret": True},
        "PORT": {"type": "int", "default": 8000, "min": 1, "max": 65535},
        "MODE": {"type": "enum", "values": ["test", "live"], "default": "test"},
        "RATE": {"type": "number", "optional": True},
    }


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ('redirects = {old = "/new"}', "redirects.old", 'a path, such as "/old"'),
        (
            'redirects = {"/old" = {to = "/new", status = 200}}',
            "redirects./old.status",
            "one of 301, 302, 303, 307, 308, and is `200`",
        ),
        ('redirects = {"/old" = {destination = 1, status = 301}}', "redirects./old.destination", "a path"),
        ('redirects = {"/old" = {status = 301}}', "redirects./old", '{to = "/new", status = 302}'),
        ('redirects = {"/old" = "/a\\nb"}', "redirects./old", "a path"),
        ("session = 1", "session", "a table"),
        ('session = {driver = "files"}', "session.driver", "`sqlite`, `memory`, `redis`, `cookie`"),
        ("session = {idle = 5}", "session.idle", "60 or more"),
        ("session = {idle = true}", "session.idle", "60 or more"),
        ('session = {path = ""}', "session.path", "a file"),
        ('session = {url = "redis://x"}', "session.url", 'only `driver = "redis"`'),
        ('session = {driver = "redis", url = "http://x"}', "session.url", "an address"),
        ('session = {driver = "redis", url = "redis://"}', "session.url", "an address"),
        ('session = {driver = "redis", url = "redis://u:hunter2@x"}', "session.url", "PYASTRO_SESSION_URL"),
        (
            'session = {driver = "redis", url = "redis://x?password=hunter2"}',
            "session.url",
            "PYASTRO_SESSION_URL",
        ),
        ('session = {cookie = "a b"}', "session.cookie.name", "name of a cookie"),
        ("session = {cookie = 1}", "session.cookie", "a name, or a table"),
        ('session = {cookie = {path = "x"}}', "session.cookie.path", "a path"),
        ('session = {cookie = {path = "/a;b"}}', "session.cookie.path", "a path"),
        ('session = {cookie = {domain = "a b"}}', "session.cookie.domain", "a domain"),
        ('session = {cookie = {same_site = "Lax"}}', "session.cookie.same_site", "one of"),
        ('session = {cookie = {same_site = "none"}}', "session.cookie.secure", "browsers refuse"),
        (
            'session = {cookie = {name = "__Secure-a", secure = false}}',
            "session.cookie.secure",
            "browsers refuse",
        ),
        ('session = {cookie = {name = "__Host-a", path = "/x"}}', "session.cookie.path", "its name promises"),
        (
            'session = {cookie = {name = "__Host-a", domain = "x"}}',
            "session.cookie.domain",
            "its name promises",
        ),
        ("i18n = 1", "i18n", "a table"),
        ('i18n = {locales = ["en"]}', "i18n.default_locale", "given as well"),
        ('i18n = {default_locale = "en"}', "i18n.locales", "given as well"),
        ('i18n = {locales = [], default_locale = "en"}', "i18n.locales", "a list of languages"),
        ('i18n = {locales = ["e/n"], default_locale = "e/n"}', "i18n.locales", "a list of languages"),
        (
            'i18n = {locales = [{path = "a/b", codes = ["en"]}], default_locale = "en"}',
            "i18n.locales",
            "a list",
        ),
        ('i18n = {locales = [{path = "a", codes = []}], default_locale = "a"}', "i18n.locales", "a list"),
        ('i18n = {locales = ["en", "EN"], default_locale = "en"}', "i18n.locales", "`en` once"),
        ('i18n = {locales = ["en", "fr"], default_locale = "es"}', "i18n.default_locale", "`en`, `fr`"),
        ("security = 1", "security", "a table"),
        ("security = {headers = 1}", "security.headers", "a table"),
        ('security = {headers = {"a b" = "c"}}', "security.headers.a b", "the name of a header"),
        ('security = {headers = {x-a = ""}}', "security.headers.x-a", "a text"),
        ('security = {headers = {x-a = "a\\nb"}}', "security.headers.x-a", "a text"),
        (
            'security = {headers = {content-security-policy = "a"}}',
            "security.headers.content-security-policy",
            "`security.csp`",
        ),
        ("security = {hsts = -1}", "security.hsts", "0 or more"),
        ("security = {csp = 1}", "security.csp", "a table"),
        ('security = {csp = {img-src = "a"}}', "security.csp.img-src", "a list"),
        ('security = {csp = {img-src = ["a; b"]}}', "security.csp.img-src", "a list"),
        ('security = {csp = {img-src = ["a,b"]}}', "security.csp.img-src", "a list"),
        ("security = {csp = {report-only = 1}}", "security.csp.report-only", "`true` or `false`"),
        ("env = 1", "env", "a table"),
        ('env = {port = {type = "int"}}', "env.port", "capital letters"),
        ('env = {PYASTRO_X = {type = "int"}}', "env.PYASTRO_X", "pyastro's own"),
        ('env = {A = "int"}', "env.A", "a table"),
        ("env = {A = {default = 1}}", "env.A.type", "one of"),
        ('env = {A = {type = "text"}}', "env.A.type", "one of"),
        ('env = {A = {type = "int", secret = true}}', "env.A.secret", "the type `int` has none"),
        ('env = {A = {type = "string", min = 1}}', "env.A.min", "the type `string` has none"),
        ('env = {A = {type = "enum"}}', "env.A.values", "a list of words"),
        ('env = {A = {type = "enum", values = ["a", "a"]}}', "env.A.values", "different words"),
        ('env = {A = {type = "enum", values = ["a"], default = "b"}}', "env.A.default", "may have"),
        ('env = {A = {type = "int", default = 1.5}}', "env.A.default", "may have"),
        ('env = {A = {type = "int", default = true}}', "env.A.default", "may have"),
        ('env = {A = {type = "int", default = 0, min = 1}}', "env.A.default", "may have"),
        ('env = {A = {type = "number", max = "x"}}', "env.A.max", "a number"),
        ('env = {A = {type = "bool", default = "true"}}', "env.A.default", "may have"),
        ('env = {A = {type = "url", default = "x"}}', "env.A.default", "may have"),
        ('env = {A = {type = "string", default = "x", min_length = 2}}', "env.A.default", "may have"),
        ('env = {A = {type = "string", optional = true, default = "x"}}', "env.A.default", "left out"),
        ('env = {A = {type = "string", secret = true, default = "hunter2"}}', "env.A.default", "no file"),
    ],
)
def test_wrong_values_in_tables(write: Write, line: str, key: str, words: str) -> None:
    _, (problem,) = read_config(write({"pyastro.toml": f"# settings\n{line}\n"}))
    assert (problem.code, problem.path, problem.line) == ("wrong-setting", "pyastro.toml", 2)
    assert problem.message.startswith(f"`{key}` should be ")
    assert words in problem.message
    assert "hunter2" not in problem.message


def test_faults_in_tables_stand_at_their_lines(write: Write) -> None:
    text = '[tool.pyastro.session]\ndriver = "x"\nidel = 1\n\n[tool.pyastro.session.cookie]\nsecure = 1\n'
    text += '\n[tool.pyastro.env.PORT]\ntype = "int"\nminimum = 1\ndefault = "x"\n'
    _, problems = read_config(write({"pyproject.toml": text}))
    assert [(p.line, p.code, p.message.split("`")[1]) for p in problems] == [
        (2, "wrong-setting", "session.driver"),
        (3, "unknown-setting", "session.idel"),
        (6, "wrong-setting", "session.cookie.secure"),
        (10, "unknown-setting", "env.PORT.minimum"),
    ]
    assert problems[1].hint == "Did you mean `idle`?"
    assert problems[3].hint is not None and "`min`" in problems[3].hint


def test_all_faults_of_one_setting_are_told_at_once_each_at_its_line(write: Write) -> None:
    text = '[redirects]\n"/a" = "/b"\n"/c" = 1\n"/d" = { to = "/e", status = 200, sttus = 1 }\n'
    text += '[session]\npath = "a"\nurl = "redis://x"\ndriver = "memory"\n[env]\nA = { type = "int" }\nb = 1\nc = 2\n'
    text += 'D = { type = "bool", min = 1, max = 2 }\n'
    _, problems = read_config(write({"pyastro.toml": text}))
    assert [(p.line, p.message.split("`")[1]) for p in problems] == [
        (3, "redirects./c"),
        (4, "redirects./d.status"),
        (4, "redirects./d.sttus"),
        (6, "session.path"),
        (7, "session.url"),
        (11, "env.b"),
        (12, "env.c"),
        (13, "env.D.min"),
        (13, "env.D.max"),
    ]


def test_a_directive_that_does_not_exist_suggests_one(write: Write) -> None:
    _, (problem,) = read_config(write({"pyastro.toml": "[security.csp]\nimg-scr = ['a']\n"}))
    assert (problem.line, problem.code, problem.hint) == (2, "unknown-setting", "Did you mean `img-src`?")
