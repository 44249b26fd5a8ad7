from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyastro.compiler.diagnostics import CompileError
from pyastro.compiler.project.carried import carry, imported_files, rewrite_imports
from pyastro.compiler.project.layout import Layout, discover
from pyastro.compiler.project.resolver import Resolver

Write = Callable[..., Path]

PAGE = "pages/api/data.py"
PATHS = (
    PAGE,
    "pages/api.py",
    "lib/__init__.py",
    "lib/util.py",
    "lib/deep/more.py",
    "top.py",
    "shop/models.py",
    "middleware.py",
)
RESOLVER = Resolver(
    Layout(
        Path("/nowhere"), "pages", ("components/Card.astro", "pages/index.astro"), PATHS, external=("shop",)
    )
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from lib.util import shout", "from ...lib.util import shout"),
        (
            "from lib.util import (\n    shout,  # loud\n    SITE,\n)",
            "from ...lib.util import (\n    shout,  # loud\n    SITE,\n)",
        ),
        ("from lib import util", "from ...lib import util"),
        ("from lib.util import *", "from ...lib.util import *"),
        ("from  lib . util  import  shout", "from  ...lib.util  import  shout"),
        ("from lib.util \\\n    import shout", "from ...lib.util \\\n    import shout"),
        ("from top import x", "from ...top import x"),
        ("from components import Card", "from ...components import Card"),
        ("from components.Card import render", "from ...components.Card import render"),
        ("import top", "from ... import top"),
        ("import top as t", "from ... import top as t"),
        ("import lib", "from ... import lib"),
        ("import lib.util", "from ...lib import util as lib; from ... import lib"),
        ("import lib.deep.more", "from ...lib.deep import more as lib; from ... import lib"),
        ("import lib.util as u", "from ...lib import util as u"),
        ("import components.Card as Card", "from ...components import Card"),
        ("import os, lib.util as u, sys as s", "import os; from ...lib import util as u; import sys as s"),
        (
            "def f():\n    if x: from lib.util import shout\n",
            "def f():\n    if x: from ...lib.util import shout\n",
        ),
        ("é = 'ü'; from lib.util import shout; ö = 1", "é = 'ü'; from ...lib.util import shout; ö = 1"),
        ("x = 1\r\nfrom lib.util import shout\r\n", "x = 1\r\nfrom ...lib.util import shout\r\n"),
        ("x = 1\rfrom lib.util import shout\r", "x = 1\rfrom ...lib.util import shout\r"),
        ("s = '''\x0c\n'''\nfrom lib.util import shout", "s = '''\x0c\n'''\nfrom ...lib.util import shout"),
        ("from ...shop.models import P", "from shop.models import P"),
        ("from ...shop import models", "from shop import models"),
    ],
)
def test_rewriting(before: str, after: str) -> None:
    assert rewrite_imports(before, PAGE, RESOLVER) == after


@pytest.mark.parametrize(
    "text",
    [
        "",
        "from ...lib.util import shout",
        "from . import x",
        "from .import x",
        "import os.path as osp, json",
        "from json import loads",
        "from shop.models import P",
        "from pyastro.runtime import Response",
        "from __future__ import annotations",
        "x = 'from lib import util'\n# from lib import util\n",
        "try:\n    import lib2\nexcept ImportError:\n    pass\n",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert rewrite_imports(text, PAGE, RESOLVER) == text


def test_a_file_that_becomes_a_folder_counts_one_level_more() -> None:
    assert (
        rewrite_imports("from ..lib.util import x", "pages/api.py", RESOLVER) == "from ...lib.util import x"
    )
    assert rewrite_imports("from . import index", "pages/api.py", RESOLVER) == "from .. import index"
    assert rewrite_imports("from .api.data import GET", "pages/api.py", RESOLVER) == "from .data import GET"


def test_a_package_imports_from_itself() -> None:
    assert rewrite_imports("from lib.util import x", "lib/__init__.py", RESOLVER) == "from .util import x"
    assert rewrite_imports("from .util import x", "lib/__init__.py", RESOLVER) == "from .util import x"


def test_beside_the_pages() -> None:
    assert rewrite_imports("from lib.util import x\nimport top", "middleware.py", RESOLVER) == (
        "from .lib.util import x\nfrom . import top"
    )


@given(
    st.lists(
        st.sampled_from(
            ["from lib.util import shout", "import top", "x = 'é'", "# ü", "def f():\n  import lib.util", ""]
        )
    )
)
def test_rewriting_twice_changes_nothing(lines: list[str]) -> None:
    once = rewrite_imports("\n".join(lines), PAGE, RESOLVER)
    assert rewrite_imports(once, PAGE, RESOLVER) == once
    assert "'é'" in once or "x = 'é'" not in lines


def test_what_is_no_python_is_an_error() -> None:
    with pytest.raises(CompileError):
        rewrite_imports("from import x", PAGE, RESOLVER)


def test_imported_files() -> None:
    text = "import json\nfrom components import Card\ndef f():\n    from lib.util import a, b\nfrom lib import deep\nimport lib.util"
    assert [(r.kind, r.path) for r in imported_files(text, PAGE, RESOLVER)] == [
        ("component", "components/Card.astro"),
        ("python", "lib/util.py"),
        ("package", "lib/deep"),
        ("python", "lib/util.py"),
    ]


def resolver(write: Write, files: dict[str, str]) -> Resolver:
    return Resolver(discover(write({"pages/index.astro": "", **files}) / "pages")[0])


def test_what_is_needed_comes_along(write: Write) -> None:
    files = {
        "middleware.py": "from lib.a import x",
        "lib/__init__.py": "from .b import y",
        "lib/a.py": "x = 1\nif TYPE_CHECKING:\n    from . import c",
        "lib/b.py": "y = 1",
        "lib/c.py": "def f():\n    import other.d",
        "lib/unused.py": "",
        "other/d.py": "from . import d",
        "__init__.py": "",
    }
    carried = carry(["middleware.py"], resolver(write, files))
    assert carried.problems == []
    assert sorted(carried.files) == [
        "lib/__init__.py",
        "lib/a.py",
        "lib/b.py",
        "lib/c.py",
        "middleware.py",
        "other/d.py",
    ]


def test_imports_of_nothing_are_errors_at_their_place(write: Write) -> None:
    files = {
        "middleware.py": "import json\nfrom .lib.utl import x, y\n  \ndef f():\n    from .lib import util, nothing\n",
        "lib/util.py": "",
    }
    problems = carry(["middleware.py"], resolver(write, files)).problems
    assert [(p.code, p.path, p.line, p.column) for p in problems] == [
        ("import-not-found", "middleware.py", 2, 1),
        ("import-not-found", "middleware.py", 5, 5),
    ]
    assert "`.lib.utl`" in problems[0].message
    assert "lib.util" in (problems[0].hint or "")
    assert "`.lib.nothing`" in problems[1].message


def test_an_import_that_may_fail_is_no_error(write: Write) -> None:
    text = "try:\n    from .nothing import x\nexcept (ImportError, ValueError):\n    x = None\n"
    assert carry(["middleware.py"], resolver(write, {"middleware.py": text})).problems == []


def test_syntax_errors_of_all_files_are_reported(write: Write) -> None:
    files = {"middleware.py": "from .a import x\nfrom .b import x", "a.py": "x = (", "b.py": "y = )"}
    problems = carry(["middleware.py"], resolver(write, files)).problems
    assert {p.path for p in problems} == {"a.py", "b.py"}


def test_a_name_that_a_python_file_does_not_hold_is_an_error(write: Write) -> None:
    files = {
        "middleware.py": "from .lib.a import WORDS, WORD\nfrom .lib.b import later\n",
        "lib/a.py": "WORDS = []\n",
        "lib/b.py": "def f():\n    globals()['later'] = 1\n",
    }
    carried = carry(["middleware.py"], resolver(write, files))
    assert [(each.line, each.message, each.hint) for each in carried.problems] == [
        (1, "`lib/a.py` defines no `WORD`.", "Did you mean `WORDS`?")
    ]
