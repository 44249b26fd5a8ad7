"""Who may import whom, as a table that is executed; and what an import brings with it."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from inspect import iscoroutinefunction
from pathlib import Path

import pytest

import pyastro.runtime
from pyastro.cli import main
from pyastro.compiler.analyze.slips import ASTRO_ATTRIBUTES, AWAITED
from pyastro.compiler.html import BOOLEAN_ATTRIBUTES, SPECIAL_ATTRIBUTES
from pyastro.runtime import Astro, Request
from pyastro.runtime.sessions.session import Session
from tests.test_packaging import PACKAGES

ROOT = Path(__file__).parent.parent

COMPILER = "pyastro.compiler"
VALUES = {
    f"{COMPILER}.{name}"
    for name in (
        "diagnostics",
        "html",
        "images",
        "imports",
        "messages",
        "module",
        "nodes",
        "purpose",
        "python_text",
        "snake_case",
        "source",
        "suggest",
        "syntax_tree",
    )
}
"""What crosses the seams between the phases, and what several of them need."""

MAY_IMPORT: dict[str, set[str]] = {
    "pyastro.grammar": set(),
    # values: each knows the simpler ones
    f"{COMPILER}.diagnostics": set(),
    f"{COMPILER}.html": set(),
    f"{COMPILER}.images": set(),
    f"{COMPILER}.imports": {f"{COMPILER}.images"},
    f"{COMPILER}.module": set(),
    f"{COMPILER}.purpose": set(),
    f"{COMPILER}.python_text": set(),
    f"{COMPILER}.snake_case": set(),
    f"{COMPILER}.syntax_tree": set(),
    f"{COMPILER}.suggest": set(),
    f"{COMPILER}.messages": {f"{COMPILER}.imports", f"{COMPILER}.diagnostics"},
    f"{COMPILER}.source": {f"{COMPILER}.diagnostics"},
    f"{COMPILER}.nodes": {f"{COMPILER}.source"},
    f"{COMPILER}.import_statements": {f"{COMPILER}.imports", f"{COMPILER}.syntax_tree"},
    # phases: none knows a later one; transform reads what analyze found, generate only the module
    f"{COMPILER}.parse": VALUES | {"lark", "pyastro.grammar"},
    f"{COMPILER}.analyze": VALUES | {"sass", "tinycss2"},
    f"{COMPILER}.transform": VALUES | {f"{COMPILER}.import_statements", f"{COMPILER}.analyze"},
    f"{COMPILER}.generate": VALUES | {"black", "jinja2"},
    f"{COMPILER}.pipeline": VALUES
    | {f"{COMPILER}.{phase}" for phase in ("parse", "analyze", "transform", "generate")},
    # the public face, and the tree of sources around the pipeline
    COMPILER: VALUES | {f"{COMPILER}.analyze", f"{COMPILER}.pipeline"},
    f"{COMPILER}.project": VALUES
    | {COMPILER, "PIL", "pyastro.grammar", "pyastro.markdown", "pyastro.minify", "tinycss2"}
    | {f"{COMPILER}.{name}" for name in ("analyze", "import_statements", "pipeline")},
    # what type checkers say of a compiled tree, told in its sources
    f"{COMPILER}.check": VALUES
    | {f"{COMPILER}.{name}" for name in ("analyze", "pipeline", "project", "transform")},
    # the runtime: hosts are leaves
    "pyastro.runtime": {"markupsafe"}
    | {f"pyastro.runtime.{name}" for name in ("fetch", "multipart", "sessions", "sessions.cookie")},
    "pyastro.runtime.fetch": {"pyastro.runtime", "pyastro.runtime.fetch_pool", "pyastro.runtime.fetch_web"},
    "pyastro.runtime.fetch_pool": {"aiohttp", "pyastro.runtime"},
    "pyastro.runtime.fetch_web": {"js", "pyodide", "pyastro.runtime", "pyastro.runtime.javascript"},
    "pyastro.runtime.javascript": {"js", "pyodide"},
    "pyastro.runtime.multipart": {"python_multipart", "pyastro.runtime"},
    "pyastro.runtime.sessions": {"pyastro.runtime", "pyastro.runtime.sessions.cookie"}
    | {"pyastro.runtime.sessions.redis"},
    "pyastro.runtime.sessions.cookie": {"pyastro.runtime", "pyastro.runtime.sessions"}
    | {"pyastro.runtime.sessions.fernet"},
    "pyastro.runtime.sessions.fernet": {"cryptography", "js", "pyodide", "pyastro.runtime"}
    | {"pyastro.runtime.javascript"},
    "pyastro.runtime.sessions.redis": {"redis", "pyastro.runtime", "pyastro.runtime.sessions"},
    "pyastro.runtime.server": {"aiohttp", "multidict", "uvloop", "pyastro.runtime", "pyastro.runtime.fetch"},
    "pyastro.asgi": {"pyastro.runtime", "pyastro.runtime.fetch"},
    "pyastro.awslambda": {"pyastro.runtime", "snapshot_restore_py"},
    "pyastro.javascript": {"js", "pyodide", "pyastro.runtime", "pyastro.runtime.javascript"},
    # Markdown, which both halves need; collections of it
    "pyastro.markdown": {"markdown_it", "mdit_py_plugins", "pygments", "yaml"},
    "pyastro.minify": {"minify_html"},
    "pyastro.content": {"markupsafe", "pyastro.assets", "pyastro.markdown", "pyastro.runtime"},
    # rendering ahead, and packing for a host
    "pyastro.assets": {"pyastro.runtime"},
    "pyastro.feeds": {"pyastro.runtime"},
    "pyastro.prerender": {
        "markupsafe",
        "pyastro.feeds",
        "pyastro.minify",
        "pyastro.runtime",
        "pyastro.runtime.fetch",
    }
    | {"pyastro.runtime.sessions"},
    "pyastro.adapters": {
        "packaging",
        "pyastro.runtime",
        "pyastro.runtime.server",
        "pyastro.runtime.sessions",
    },
    # where compiler and runtime meet: the development server, the import hook, the plug-in that tests a site, and the command, which
    # knows all but that
    "pyastro.dev": {f"{COMPILER}.diagnostics", f"{COMPILER}.project", f"{COMPILER}.purpose"}
    | {"markupsafe", "watchfiles", "pyastro.runtime", "pyastro.runtime.server", "pyastro.runtime.sessions"},
    "pyastro.hook": {f"{COMPILER}.diagnostics", f"{COMPILER}.project", f"{COMPILER}.purpose"}
    | {"pyastro.runtime", "coverage"},
    "pyastro.testing": {"html5lib", "tinycss2", "pyastro.runtime", "pyastro.runtime.fetch"}
    | {"pyastro.runtime.sessions"},
    "pyastro.testing.plugin": {COMPILER, f"{COMPILER}.project", "pyastro.testing", "pytest"},
    "pyastro.cli": {
        "pyastro.content",
        "pyastro.markdown",
        COMPILER,
        f"{COMPILER}.check",
        f"{COMPILER}.diagnostics",
        f"{COMPILER}.project",
        f"{COMPILER}.purpose",
    }
    | {
        "jinja2",
        "pyastro.adapters",
        "pyastro.dev",
        "pyastro.prerender",
        "pyastro.runtime",
        "pyastro.runtime.server",
        "watchfiles",
    },
}
"""A row governs a module and what is below it, unless a longer row fits. The standard library is everybody's, and what
is below a row may import one another. A typing-only import counts: whoever names a type depends on it."""


def module_files() -> dict[str, Path]:
    """Every module of the packages, by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(("pyastro", *(parts[:-1] if parts[-1] == "__init__" else parts)))] = path
    return found


MODULES = module_files()


def row_of(name: str) -> str:
    """The row of the table that governs a module; for a library its first name."""
    parts = name.split(".")
    prefixes = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((prefix for prefix in prefixes if prefix in MAY_IMPORT), parts[0])


def imports(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """What import statements name: modules, and where a name of `from … import` is a module, that one."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level and node.module, "imports are absolute"
            for alias in node.names:
                member = f"{node.module}.{alias.name}"
                yield member if member in MODULES else node.module


def parsed(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text("utf-8"))


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_what_the_table_allows(name: str) -> None:
    own = row_of(name)
    found = {row_of(each) for each in imports(ast.walk(parsed(name)))}
    foreign = found - {own} - sys.stdlib_module_names - {"__future__"}
    assert (
        foreign <= MAY_IMPORT[own]
    ), f"{name} must not import {', '.join(sorted(foreign - MAY_IMPORT[own]))}"


def test_each_row_of_the_table_is_a_module() -> None:
    allowed = {each for row in MAY_IMPORT.values() for each in row if each.startswith("pyastro.")}
    assert allowed | set(MAY_IMPORT) <= set(MODULES)


def test_the_table_has_no_cycle_but_that_of_the_runtime() -> None:
    """Compiler and runtime never meet, and no phase comes back to an earlier one, however long the way."""
    table = {row: allowed for row, allowed in MAY_IMPORT.items() if not row.startswith("pyastro.runtime")}
    assert tuple(TopologicalSorter(table).static_order())
    reached = {"pyastro.runtime"}
    for _ in MAY_IMPORT:
        reached |= {each for row in reached for each in MAY_IMPORT.get(row, ())}
    assert not {
        each
        for each in reached
        if each.startswith(
            (
                COMPILER,
                "pyastro.adapters",
                "pyastro.asgi",
                "pyastro.awslambda",
                "pyastro.cli",
                "pyastro.feeds",
                "pyastro.javascript",
                "pyastro.prerender",
                "pyastro.runtime.server",
                "pyastro.testing",
            )
        )
    }


def run_when_imported(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes of a module that run while it is imported: not what is for type checkers, nor functions' bodies."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            pending.extend(node.orelse)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def test_no_modules_import_one_another_in_a_circle() -> None:
    """`from package import module` needs that module, not what the package's `__init__` brings together."""
    graph = {name: set(imports(run_when_imported(parsed(name)))) & set(MODULES) for name in MODULES}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"import cycle: {' <- '.join(error.args[1])}")


# ---------------------------------------------------------------- the names that compiled modules import


def helper_calls() -> Iterator[tuple[str, ast.FunctionDef, ast.expr]]:
    """Each call `state.helper(…)` of the transform phase: where, in which function, and its argument."""
    for name in MODULES:
        if row_of(name) == f"{COMPILER}.transform":
            for function in ast.walk(parsed(name)):
                if isinstance(function, ast.FunctionDef):
                    for node in ast.walk(function):
                        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".helper"):
                            yield f"{name}.{function.name}", function, node.args[0]


def literals(function: ast.FunctionDef, argument: ast.expr) -> set[str]:
    """The names that an argument may be: a string, one of two, or what is assigned to a variable."""
    match argument:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp():
            return literals(function, argument.body) | literals(function, argument.orelse)
        case ast.Name():
            assigned = (node for node in ast.walk(function) if isinstance(node, ast.Assign))
            return {
                text
                for node in assigned
                if ast.unparse(node.targets[0]) == argument.id
                for text in literals(function, node.value)
            }
    return set()


def test_the_runtime_has_every_name_that_compiled_modules_import() -> None:
    used = set()
    for place, function, argument in helper_calls():
        names = literals(function, argument)
        assert names, f"{place}: write the helper's name as a string, so that it can be found"
        used |= names
    assert len(used) > 10
    assert used - {"Any"} <= set(pyastro.runtime.__all__)
    assert all(hasattr(pyastro.runtime, name) for name in pyastro.runtime.__all__)


# ---------------------------------------------------------------- what an import brings with it

WATCH = """
import sys
before, events = set(sys.modules), []

@sys.addaudithook
def watch(event, arguments):
    if event == "open" and not str(arguments[0]).endswith((".py", ".pyc")):
        events.append(f"opens {arguments[0]}")
    elif event in ("_thread.start_new_thread", "os.fork", "subprocess.Popen", "socket.__new__"):
        events.append(event)
"""

REPORT = """
found = [sorted(set(sys.modules) - before), list(events)]
import json
print(json.dumps(found))
"""


def loaded(code: str, folder: Path) -> tuple[set[str], list[str]]:
    """The modules that code loads in an interpreter of its own, and what else it does that can be noticed."""
    program = f"{WATCH}\n{code}\n{REPORT}"
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", program],
        cwd=folder,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    modules, events = json.loads(done.stdout.splitlines()[-1])
    return set(modules), events


def roots(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def inside(modules: set[str], *packages: str) -> set[str]:
    """Those of the modules that are one of these packages, or below it."""
    return {name for name in modules if any(f"{name}.".startswith(f"{package}.") for package in packages)}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A small site that uses what most pages use, compiled; the folder that holds `build/`."""
    files = {
        "pages/index.astro": '---\nfrom ..components import Card\nnames = ["a"]\n---\n'
        "<Card title={names[0]}>{<b class:list={[n]}>{n}</b> for n in names}</Card>\n",
        "components/Card.astro": "---\nclass Props:\n    title: str\n---\n"
        "<h2>{title}</h2><slot/>\n<style>h2 { color: red }</style>\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    assert main(["compile", str(tmp_path / "pages"), "-o", str(tmp_path / "build")]) == 0
    return tmp_path


RENDER = """
from build.pages import index
try:
    index.render().send(None)
except StopIteration as stop:
    assert ">a</b>" in stop.value, stop.value
"""


def test_a_compiled_page_needs_the_rendering_part_of_the_runtime_alone(build: Path) -> None:
    """It renders without an event loop, and loads neither the compiler nor the site nor a library but markupsafe."""
    modules, _ = loaded(RENDER, build)
    assert roots(modules) - sys.stdlib_module_names == {"build", "markupsafe", "pyastro"}
    assert inside(modules, "pyastro") - {"pyastro"} == inside(modules, "pyastro.runtime")
    assert not inside(modules, "pyastro.runtime.site", "pyastro.runtime.manifest", "pyastro.runtime.server")
    assert not inside(modules, "asyncio", "threading", "socket", "random", "secrets", "tempfile", "sqlite3")


def test_importing_the_runtime_does_nothing_else(tmp_path: Path) -> None:
    modules, events = loaded("import pyastro.runtime", tmp_path)
    assert events == []
    assert roots(modules) - sys.stdlib_module_names == {"markupsafe", "pyastro"}
    assert not inside(modules, "asyncio", "threading", "socket", "random", "secrets", "tempfile")


def test_importing_the_site_loads_no_host(tmp_path: Path) -> None:
    modules, events = loaded("import pyastro.runtime.site", tmp_path)
    assert events == []
    assert roots(modules) - sys.stdlib_module_names == {"markupsafe", "pyastro"}
    assert not inside(modules, "asyncio", "socket", "random", "secrets", "tempfile", "pyastro.runtime.server")


def test_the_asgi_application_brings_no_server(tmp_path: Path) -> None:
    modules, events = loaded("import pyastro.asgi", tmp_path)
    assert events == []
    assert roots(modules) - sys.stdlib_module_names == {"markupsafe", "pyastro"}


def test_the_handler_of_a_function_brings_no_server(tmp_path: Path) -> None:
    modules, events = loaded("import pyastro.awslambda", tmp_path)
    assert events == []
    assert roots(modules) - sys.stdlib_module_names == {"markupsafe", "pyastro"}
    assert not inside(modules, "secrets", "tempfile", "pyastro.asgi")


def test_what_runs_in_pyodide_draws_nothing_and_opens_nothing_when_it_is_imported(tmp_path: Path) -> None:
    modules, events = loaded("import pyastro.javascript.worker", tmp_path)
    assert events == []
    assert roots(modules) - sys.stdlib_module_names == {"markupsafe", "pyastro"}
    assert not inside(modules, "random", "secrets", "tempfile", "pyastro.asgi", "pyastro.runtime.fetch_pool")


def test_the_pytest_plug_in_brings_nothing_but_pytest(tmp_path: Path) -> None:
    modules, _ = loaded("import pyastro.testing.plugin", tmp_path)
    assert inside(modules, "pyastro") == {"pyastro", "pyastro.testing", "pyastro.testing.plugin"}


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_a_command_that_only_tells_loads_neither_compiler_nor_runtime(option: str, tmp_path: Path) -> None:
    modules, _ = loaded(f"from pyastro.cli import main\nassert main(['{option}']) == 0", tmp_path)
    assert roots(modules) - sys.stdlib_module_names == {"pyastro"}
    assert not inside(modules, COMPILER, "pyastro.runtime")


def test_compiling_loads_no_runtime(build: Path) -> None:
    (build / "pages/index.astro").write_text("<p>changed</p>")
    one_core = "import os\nos.sched_getaffinity = lambda _: {0}\n"  # nothing is loaded by another process
    command = "from pyastro.cli import main\nassert main(['compile', 'pages']) == 0"
    modules, _ = loaded(one_core + command, build)
    assert {"lark", "jinja2"} <= roots(modules)
    assert "black" not in roots(modules)  # nothing in the page leaves a doubt about its layout
    assert not inside(modules, "aiohttp", "pyastro.runtime")


def test_the_compiler_knows_the_attributes_that_the_runtime_treats_specially() -> None:
    module = import_module("pyastro.runtime.attributes")
    assert module.SPECIAL_ATTRIBUTES == SPECIAL_ATTRIBUTES
    assert module.BOOLEAN_ATTRIBUTES == BOOLEAN_ATTRIBUTES


def test_the_compiler_knows_the_attributes_of_astro() -> None:
    own = {name for name in dir(Astro) if not name.startswith("_")}
    assert own - {"context"} == ASTRO_ATTRIBUTES - {"context"}


def test_what_the_compiler_wants_awaited_is_awaited() -> None:
    owners = {"Astro.request": Request, "Astro.session": Session, "": pyastro.runtime}
    for name in AWAITED - {"Astro.slots.render"}:
        owner, _, method = name.rpartition(".")
        assert iscoroutinefunction(getattr(owners[owner], method)), name


def test_no_pattern_repeats_a_group_possessively() -> None:
    """Before Python 3.11.5 `re` goes on behind what such a group took before it failed (cpython gh-106052)."""
    repeated = re.compile(r"(?<![\\(])\)(?:[*+?]|\{[0-9,]+\})\+")
    for package in PACKAGES:
        for path in [*(ROOT / package).rglob("*.py"), *(ROOT / package).rglob("*.lark")]:
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                assert not repeated.search(line), f"{path.relative_to(ROOT)}:{number}"
