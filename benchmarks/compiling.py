"""`python -m benchmarks compile`: how fast the compiler is, and how fast things start."""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import process_time

import jinja2

from benchmarks import sources
from benchmarks.processes import as_installed
from benchmarks.report import Target, targets_table
from benchmarks.rounds import take_turns
from pyastro.compiler import Interface, Source, emit, inspect
from pyastro.compiler.parse import parse
from pyastro.compiler.project import Resolver, compile_project
from pyastro.compiler.project.layout import discover
from pyastro.compiler.purpose import Purpose

SAMPLE = 60
"""Components of the site whose compilation is measured in this process."""


def run(is_full: bool) -> str:
    """Measure, and give the results as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        found = [
            *_speed(Path(folder) / "sample"),
            *_builds(Path(folder) / "site", 1000),
            *_starts(Path(folder)),
        ]
        if is_full:
            found += [*_large_files(), *_many_files(Path(folder))]
    return targets_table(found)


# ---------------------------------------------------------------- the compiler alone


def _speed(root: Path) -> list[Target]:
    print("speed …", file=sys.stderr)
    texts = dict(sources.site(SAMPLE))
    jinja = [sources.jinja_component(number) for number in range(SAMPLE)]
    sources.write_site(root, SAMPLE)
    measures = {
        "compile": _repeated(_compiler(root / "pages", texts)),
        "jinja": _repeated(lambda: _compile_jinja(jinja)),
        "parse": _repeated(lambda: [parse(Source(path, text)) for path, text in texts.items()]),
    }
    times = take_turns(measures, rounds=9, seconds=0.3)
    kilobytes = _size(texts.values()) / 1e3
    ours, theirs = kilobytes / median(times["compile"]), _size(jinja) / 1e3 / median(times["jinja"])
    return [
        Target("compile, without formatting", ours, 340, is_minimum=True, unit="KB/s"),
        Target("compile: times Jinja2's own compiler", ours / theirs, 1.4, is_minimum=True),
        Target("parse alone", kilobytes / 1e3 / median(times["parse"]), 1.5, is_minimum=True, unit="MB/s"),
    ]


def _size(texts: Iterable[str]) -> int:
    return sum(len(text.encode()) for text in texts)


def _repeated(action: Callable[[], object]) -> Callable[[int], float]:
    def measure(times: int) -> float:
        start = process_time()
        for _ in range(times):
            action()
        return process_time() - start

    return measure


def _compiler(pages: Path, texts: Mapping[str, str]) -> Callable[[], None]:
    """Compiles these components as for a site of files alone, whose modules are not laid out."""
    resolver = Resolver(discover(pages)[0])

    def compile_all() -> None:
        inspections = {path: inspect(Source(path, text)) for path, text in texts.items()}
        interfaces: dict[str, Interface] = {}
        for path, inspection in inspections.items():
            assert inspection.interface is not None, inspection.diagnostics
            interfaces[path] = inspection.interface
        for path, inspection in inspections.items():
            emission = emit(
                inspection, resolver, interfaces, is_page=path.startswith("pages/"), purpose=Purpose.RENDERING
            )
            assert emission.code is not None, emission.diagnostics

    return compile_all


def _compile_jinja(texts: Sequence[str]) -> None:
    environment = jinja2.Environment(autoescape=True)
    for text in texts:
        environment.compile(text, raw=True)


# ---------------------------------------------------------------- builds, with all that the command does


def _builds(root: Path, files: int) -> list[Target]:
    print(f"a site of {files:,} components …", file=sys.stderr)
    sources.write_site(root, files)
    whole = _compile_command(root)
    nothing = median(_compile_command(root) for _ in range(5))
    one = median(_change_shared(root, number) for number in range(5))
    return [
        Target(f"{files:,} components from nothing", whole, 15, unit="s"),
        Target(f"{files:,} components, nothing changed", nothing, 0.3, unit="s"),
        Target(f"{files:,} components, one changed that {sources.SHARED_BY} use", one, 0.5, unit="s"),
    ]


def _change_shared(root: Path, number: int) -> float:
    """The time after a change that other components must know of: another slot."""
    file = root / "components/Icon.astro"
    file.write_text(f'{file.read_text("utf-8")}<slot name="s{number}" />\n', "utf-8")
    return _compile_command(root)


def _compile_command(root: Path) -> float:
    """The seconds on the clock that the command takes: it may use all cores."""
    command = [sys.executable, "-m", "pyastro.cli", "compile", "pages", "-o", "build"]
    start = time.perf_counter()
    subprocess.run(command, cwd=root, env=as_installed(), check=True, stdout=subprocess.DEVNULL, timeout=1800)
    return time.perf_counter() - start


# ---------------------------------------------------------------- how things start


def _starts(folder: Path) -> list[Target]:
    """How long Python takes for what is installed: its bytecode is there already."""
    print("starts …", file=sys.stderr)
    sources.write_site(folder / "start", sources.PER_PAGE * 2 + 2)
    compile_project(folder / "start/pages", folder / "imported")
    commands = {
        "nothing": ["-c", "pass"],
        "version": ["-m", "pyastro.cli", "--version"],
        "page": ["-c", "import imported.pages.p0"],
    }
    measures = {name: _starter(command, folder) for name, command in commands.items()}
    times = {
        name: median(each) * 1000 for name, each in take_turns(measures, rounds=20, seconds=0.01).items()
    }
    return [
        Target(
            "`pyastro --version`, more than an empty interpreter",
            times["version"] - times["nothing"],
            40,
            unit="ms",
        ),
        Target(
            "importing a compiled page, more than an empty interpreter",
            times["page"] - times["nothing"],
            25,
            unit="ms",
        ),
    ]


def _starter(arguments: Sequence[str], folder: Path) -> Callable[[int], float]:
    """Measures the processor time of Python with these arguments."""

    def measure(times: int) -> float:
        before = _children()
        for _ in range(times):
            subprocess.run(
                [sys.executable, *arguments],
                cwd=folder,
                env=as_installed(),
                check=True,
                stdout=subprocess.DEVNULL,
            )
        return _children() - before

    return measure


def _children() -> float:
    """The processor time of all processes that this one has started and that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


# ---------------------------------------------------------------- sizes


def _large_files() -> list[Target]:
    """Time for each byte of a large file, and of a very large one, compared with that of a small one."""
    print("large files …", file=sys.stderr)
    small = _seconds_per_byte(100_000)
    return [
        Target(
            f"a file of {size // 10**6} MB: time per byte, compared with 100 KB",
            _seconds_per_byte(size) / small,
            1.3,
        )
        for size in (10**6, 10**7)
    ]


def _seconds_per_byte(size: int) -> float:
    text = sources.large_component(size)
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        pages.mkdir()
        (pages / "index.astro").write_text(text, "utf-8")
        compile_all = _compiler(pages, {"pages/index.astro": text})
        start = process_time()
        compile_all()
        return (process_time() - start) / len(text)


def _many_files(folder: Path) -> list[Target]:
    """Time for each of very many files, compared with that of many."""
    counts = (1_000, 10_000)
    times = [_from_nothing(folder / f"site{count}", count) / count for count in counts]
    return [Target("10,000 components: time for each, compared with 1,000", times[1] / times[0], 1.3)]


def _from_nothing(root: Path, files: int) -> float:
    print(f"a site of {files:,} components …", file=sys.stderr)
    sources.write_site(root, files)
    try:
        return _compile_command(root)
    finally:
        shutil.rmtree(root)
