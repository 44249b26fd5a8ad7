"""Who may import whom, executed; and what an import pulls in."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("cli", "compiler", "grammar", "runtime")

# For each part of the code: what else of pyastro it may import. A part is the longest prefix that is listed.
BASE = {"pyastro.compiler.diagnostics", "pyastro.compiler.source", "pyastro.compiler.messages"}
TREE = BASE | {"pyastro.compiler.nodes", "pyastro.compiler.html"}
MAY_IMPORT: dict[str, set[str]] = {
    "pyastro.grammar": set(),
    "pyastro.compiler.diagnostics": set(),
    "pyastro.compiler.source": {"pyastro.compiler.diagnostics"},
    "pyastro.compiler.messages": {"pyastro.compiler.diagnostics"},
    "pyastro.compiler.html": set(),
    "pyastro.compiler.nodes": {"pyastro.compiler.source"},
    "pyastro.compiler.module": set(),
    "pyastro.compiler.imports": set(),
    "pyastro.compiler.import_statements": {"pyastro.compiler.imports"},
    "pyastro.compiler.parse": TREE,
    "pyastro.compiler.analyze": TREE,
    "pyastro.compiler.transform": TREE
    | {
        "pyastro.compiler.analyze",
        "pyastro.compiler.imports",
        "pyastro.compiler.import_statements",
        "pyastro.compiler.module",
    },
    "pyastro.compiler.generate": BASE | {"pyastro.compiler.module"},
    "pyastro.compiler.pipeline": BASE
    | {
        "pyastro.compiler.parse",
        "pyastro.compiler.analyze",
        "pyastro.compiler.transform",
        "pyastro.compiler.generate",
        "pyastro.compiler.imports",
    },
    "pyastro.compiler.project": BASE
    | {
        "pyastro.compiler",  # for the place of its files, of which the cache keeps the hash
        "pyastro.grammar",
        "pyastro.compiler.analyze",
        "pyastro.compiler.imports",
        "pyastro.compiler.import_statements",
        "pyastro.compiler.pipeline",
    },
    "pyastro.compiler": BASE
    | {"pyastro.compiler.analyze", "pyastro.compiler.imports", "pyastro.compiler.pipeline"},
    "pyastro.runtime.server": {"pyastro.runtime"},
    "pyastro.runtime": set(),
    "pyastro.cli": {"pyastro.compiler", "pyastro.compiler.project", "pyastro.compiler.diagnostics", "pyastro.runtime", "pyastro.runtime.server"},
}

# Third-party packages, and the only places where they may be imported.
ONLY_IN = {
    "lark": ("pyastro.compiler.parse",),
    "jinja2": ("pyastro.compiler.generate",),
    "black": ("pyastro.compiler.generate",),
    "tinycss2": ("pyastro.compiler.analyze.styles",),
    "aiohttp": ("pyastro.runtime.server", "pyastro.runtime.fetch", "pyastro.runtime.fetch_response"),
    "multidict": ("pyastro.runtime.server",),
    "uvloop": ("pyastro.runtime.server",),
    "python_multipart": ("pyastro.runtime.multipart",),
    "markupsafe": ("pyastro.runtime",),
}


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = ["pyastro", *path.relative_to(ROOT).with_suffix("").parts]
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


KNOWN = dict(modules())


def imported(module: str, path: Path) -> Iterator[str]:
    """All modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        yield from names_of(node, module, path)


def names_of(node: ast.AST, module: str, path: Path) -> Iterator[str]:
    """The modules that a statement imports: for `from a import b`, `a.b` if that is a module of ours, else `a`."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        name = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module or ""
        members = [f"{name}.{alias.name}" for alias in node.names]
        yield from {member if member in KNOWN else name for member in members}


def part_of(module: str) -> str:
    return max((part for part in MAY_IMPORT if module == part or module.startswith(part + ".")), key=len)


def test_every_import_is_allowed() -> None:
    wrong = []
    for module, path in modules():
        here = part_of(module)
        for name in imported(module, path):
            if name.partition(".")[0] != "pyastro":
                continue
            there = part_of(name)
            if there != here and there not in MAY_IMPORT[here]:
                wrong.append(f"{module} imports {name}: {here} may not import {there}")
    assert not wrong, "\n".join(wrong)


def test_third_party_packages_stay_where_they_belong() -> None:
    wrong = []
    for module, path in modules():
        for name in imported(module, path):
            allowed = ONLY_IN.get(name.partition(".")[0])
            if allowed and not any(module == a or module.startswith(a + ".") for a in allowed):
                wrong.append(f"{module} imports {name}")
            elif allowed is None and name.partition(".")[0] not in sys.stdlib_module_names | {"pyastro"}:
                wrong.append(f"{module} imports {name}, which the table does not know")
    assert not wrong, "\n".join(wrong)


def test_the_runtime_does_not_know_its_hosts() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, path in modules()
        if module.startswith("pyastro.runtime") and not module.startswith("pyastro.runtime.server")
        for name in imported(module, path)
        if name.startswith("pyastro.runtime.server")
    ]
    assert not wrong, "\n".join(wrong)


def test_no_import_cycles_at_run_time() -> None:
    graph = {module: set(_at_import(module, path)) for module, path in modules()}
    for module in graph:
        graph[module] &= set(graph)
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail[trail.index(module) :], module))
        if module in done:
            return
        for other in sorted(graph[module]):
            visit(other, (*trail, module))
        done.add(module)

    for module in sorted(graph):
        visit(module, ())


def _at_import(module: str, path: Path) -> Iterator[str]:
    """What the statements of a file import when it is loaded."""
    for node in ast.parse(path.read_text()).body:
        yield from names_of(node, module, path)


def test_every_helper_that_the_compiler_names_exists() -> None:
    import pyastro.runtime

    names = set()
    for path in (ROOT / "compiler/transform").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "helper":
                names |= {n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant) and n.value != "set:html"}
    assert {"escape", "text", "render_component"} <= names
    missing = sorted(name for name in names if name != "Any" and not hasattr(pyastro.runtime, str(name)))
    assert not missing, f"pyastro.runtime lacks {missing}"


# ---------------------------------------------------------------- what an import pulls in

COMPILER = ("lark", "jinja2", "black", "tinycss2", "pyastro.compiler")


def loaded(code: str, *forbidden: str, cwd: Path = ROOT) -> list[str]:
    """Which of some modules are there after some code has run in a fresh interpreter."""
    check = f"{code}\nimport sys\nprint('loaded:', *(m for m in {forbidden!r} if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, cwd=cwd, timeout=60, check=False
    )
    assert "loaded:" in done.stdout, done.stderr
    return done.stdout.rpartition("loaded:")[2].split()


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from pyastro.compiler.project import compile_project

    folder = tmp_path_factory.mktemp("site")
    (folder / "pages").mkdir()
    (folder / "pages/index.astro").write_text("---\nx = 1\n---\n<p class={x}>{x}</p><style>p { margin: 0 }</style>\n")
    assert compile_project(folder / "pages", folder / "build").is_successful
    return folder


def test_a_compiled_page_needs_only_the_runtime_core(build: Path) -> None:
    assert not loaded("import build.pages.index", *COMPILER, "aiohttp", "asyncio", "pyastro.cli", cwd=build)


def test_a_compiled_page_names_only_the_runtime(build: Path) -> None:
    tree = ast.parse((build / "build/pages/index.py").read_text())
    found = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and not n.level}
    assert found == {"typing", "pyastro.runtime"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["compile", "--help"], ["compile", "pages", "-o", "out"]])
def test_the_command_does_not_load_aiohttp(build: Path, arguments: list[str]) -> None:
    code = f"from pyastro.cli import main\ntry:\n    main({arguments!r})\nexcept SystemExit:\n    pass"
    assert not loaded(code, "aiohttp", "pyastro.runtime", cwd=build)


def test_help_does_not_load_the_compiler() -> None:
    code = "from pyastro.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"
    assert not loaded(code, *COMPILER)
