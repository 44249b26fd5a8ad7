from collections.abc import Callable
from pathlib import Path

import pytest

from pyastro.compiler.imports import Resolution
from pyastro.compiler.project.layout import discover
from pyastro.compiler.project.resolver import Resolver

Write = Callable[..., Path]

PAGE = "pages/index.astro"
DEEP = "pages/blog/[id].astro"
FILES = {
    PAGE: "",
    DEEP: "",
    "pages/about.astro": "",
    "pages/about/team.astro": "",
    "components/Card.astro": "",
    "components/about-us.astro": "",
    "components/ui/Button.astro": "",
    "layouts/Main.astro": "",
    "lib/__init__.py": "",
    "lib/util.py": "def shout(): ...",
    "kit/__init__.py": "from .deep import tool\nVERSION = 1",
    "kit/deep.py": "",
    "loose/helper.py": "",
    "email/Letter.astro": "",
    "shop/models.py": "",
    "top.py": "",
}


@pytest.fixture
def resolver(write: Write) -> Resolver:
    root = write(FILES)
    return Resolver(discover(root / "pages", external=("shop",))[0])


@pytest.mark.parametrize(
    ("importer", "module", "level", "kind", "path", "name"),
    [
        (PAGE, "components", 2, "package", "components", "components"),
        (PAGE, None, 2, "package", ".", ""),
        (PAGE, None, 1, "package", "pages", "pages"),
        (DEEP, "components", 3, "package", "components", "components"),
        (PAGE, "components.Card", 2, "component", "components/Card.astro", "components.Card"),
        (PAGE, "components.Card", 0, "component", "components/Card.astro", "components.Card"),
        (PAGE, "lib.util", 2, "python", "lib/util.py", "lib.util"),
        (PAGE, "lib.util", 0, "python", "lib/util.py", "lib.util"),
        (PAGE, "top", 0, "python", "top.py", "top"),
        ("top.py", "lib", 1, "package", "lib", "lib"),
        ("lib/__init__.py", "util", 1, "python", "lib/util.py", "lib.util"),
        (PAGE, "json", 0, "external", None, "json"),
        (PAGE, "email.message", 0, "external", None, "email.message"),
        (PAGE, "pyastro.runtime", 0, "external", None, "pyastro.runtime"),
        (PAGE, "shop.models", 0, "external", None, "shop.models"),
        (PAGE, "shop.models", 2, "external", None, "shop.models"),
        (PAGE, "loose.nothing", 0, "external", None, "loose.nothing"),
        (PAGE, "lib.utl", 2, "missing", None, None),
        (PAGE, "lib.utl", 0, "missing", None, None),
        (PAGE, "components.Crad", 0, "missing", None, None),
        (PAGE, "components", 1, "missing", None, None),
        (PAGE, "x", 3, "missing", None, None),
    ],
)
def test_modules(
    resolver: Resolver,
    importer: str,
    module: str | None,
    level: int,
    kind: str,
    path: str | None,
    name: str | None,
) -> None:
    found = resolver.module(importer, module, level)
    assert (found.kind, found.path, found.module) == (kind, path, name)


@pytest.mark.parametrize(
    ("module", "level", "name", "expected"),
    [
        ("components", 2, "Card", Resolution("component", "components/Card.astro", "components.Card")),
        (
            "components",
            2,
            "about_us",
            Resolution("component", "components/about-us.astro", "components.about_us"),
        ),
        ("components", 2, "ui", Resolution("package", "components/ui", "components.ui")),
        (
            "components.ui",
            0,
            "Button",
            Resolution("component", "components/ui/Button.astro", "components.ui.Button"),
        ),
        (None, 2, "components", Resolution("package", "components", "components")),
        (None, 1, "about", Resolution("component", "pages/about.astro", "pages.about")),
        ("about", 1, "team", Resolution("component", "pages/about/team.astro", "pages.about.team")),
        ("blog", 1, "param_id", Resolution("component", DEEP, "pages.blog.param_id")),
        ("lib", 2, "util", Resolution("python", "lib/util.py", "lib.util")),
        ("lib.util", 2, "shout", Resolution("python", "lib/util.py", "lib.util", is_attribute=True)),
        (
            "components.Card",
            2,
            "render",
            Resolution("component", "components/Card.astro", "components.Card", is_attribute=True),
        ),
        ("kit", 2, "VERSION", Resolution("python", "kit/__init__.py", "kit", is_attribute=True)),
        ("kit", 2, "tool", Resolution("python", "kit/__init__.py", "kit", is_attribute=True)),
        ("kit", 2, "*", Resolution("python", "kit/__init__.py", "kit", is_attribute=True)),
        ("components", 2, "*", Resolution("package", "components", "components", is_attribute=True)),
        ("email", 0, "Letter", Resolution("component", "email/Letter.astro", "email.Letter")),
        ("email", 0, "message_from_string", Resolution("external", module="email.message_from_string")),
        ("loose", 0, "unknown", Resolution("external", module="loose.unknown")),
        ("json", 0, "loads", Resolution("external", module="json")),
        ("shop", 2, "models", Resolution("external", module="shop")),
    ],
)
def test_members(resolver: Resolver, module: str | None, level: int, name: str, expected: Resolution) -> None:
    assert resolver.member(PAGE, module, level, name) == expected


@pytest.mark.parametrize(
    ("module", "level", "name", "suggestion"),
    [
        ("components", 2, "Crad", "Card"),
        ("components", 2, "card", "Card"),
        ("components", 2, "Main", "from ..layouts import Main"),
        ("components", 1, "Card", "..components"),
        ("componets", 2, "Card", "..components"),
        ("lib.utl", 2, "shout", "..lib.util"),
        ("lib.utl", 0, "shout", "lib.util"),
        ("lib.util", 4, "shout", "..lib.util"),
        ("kit", 2, "dep", "deep"),
        ("components", 2, "Nothing_like_it", None),
    ],
)
def test_what_is_missing_suggests_what_was_meant(
    resolver: Resolver, module: str, level: int, name: str, suggestion: str | None
) -> None:
    found = resolver.member(PAGE, module, level, name)
    assert found.kind == "missing"
    assert found.suggestion == suggestion or resolver.module(PAGE, module, level).suggestion == suggestion


def test_the_name_of_a_file_in_the_build(resolver: Resolver) -> None:
    assert resolver.module_name(DEEP) == "pages.blog.param_id"
    assert resolver.module_name("pages/about.astro") == "pages.about.__init__"
    assert resolver.module_name("lib/__init__.py") == "lib.__init__"


def test_a_package_that_may_bind_anything_is_not_doubted(write: Write) -> None:
    root = write(
        {PAGE: "", "a/__init__.py": "from os.path import *", "b/__init__.py": "def __getattr__(name): ..."}
    )
    resolver = Resolver(discover(root / "pages")[0])
    assert resolver.member(PAGE, "a", 2, "x").is_attribute
    assert resolver.member(PAGE, "b", 2, "x").is_attribute
