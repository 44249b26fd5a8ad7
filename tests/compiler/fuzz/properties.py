"""What holds for every input, whatever stands in it."""

import ast
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import black

from pyastro.compiler import CompileError, Diagnostic, Source, emit, inspect
from pyastro.compiler.diagnostics import render_diagnostic
from pyastro.compiler.generate.generate import DEEP, LONG_LINE
from pyastro.compiler.generate.printer import LINE_LENGTH
from tests.compiler.lone import NoOtherSources

PATH = "components/Lone.astro"
BYTES_PER_SECOND = 2_000
"""Slower than that is a hang. Measured is the time of the process, so that a busy machine does not count."""
LEAST_SECONDS = 5.0
_MODE = black.Mode(
    line_length=LINE_LENGTH,
    target_versions={black.TargetVersion.PY311},
    magic_trailing_comma=False,
)
_ENTRY = re.compile(r"(\d+)(?:\.(\d+)|\+(\d+))?:(\d+)")


class Violation(NamedTuple):
    """A property that an input breaks. `kind` stays the same while the input is made smaller."""

    kind: str
    detail: str


class Outcome(NamedTuple):
    """What the compiler gives for a component that imports no other."""

    diagnostics: tuple[Diagnostic, ...]
    code: str | None


class Hang(BaseException):
    """The compiler did not come back in time."""


def compiled(data: bytes) -> Outcome:
    """All that the compiler says about a file, and the module if there is one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / PATH
        path.parent.mkdir()
        path.write_bytes(data)
        try:
            source = Source.read(Path(folder), PATH)
        except CompileError as error:
            return Outcome(tuple(error.diagnostics), None)
    inspection = inspect(source)
    found = list(inspection.diagnostics)
    if inspection.analysis is None:
        return Outcome(tuple(found), None)
    emission = emit(inspection, NoOtherSources(), {})
    return Outcome((*found, *emission.diagnostics), emission.code)


def violation(data: bytes, with_layout: bool = True) -> Violation | None:
    """The first property that an input breaks. Without the layout, black is not asked, which takes most of the time."""
    try:
        with _time_limit(LEAST_SECONDS + len(data) / BYTES_PER_SECOND):
            outcome = compiled(data)
    except Hang:
        return Violation("hang", f"no answer for {len(data)} bytes")
    except Exception as error:
        return Violation(f"traceback {type(error).__name__} {_place(error)}", str(error))
    return _wrong_diagnostic(outcome, data) or _wrong_module(outcome, data, with_layout)


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Hang

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"


# ---------------------------------------------------------------- diagnostics


def _wrong_diagnostic(outcome: Outcome, data: bytes) -> Violation | None:
    errors = [d for d in outcome.diagnostics if d.is_error]
    if outcome.code is None and not errors:
        return Violation("silence", "neither a module nor an error")
    if outcome.code is not None and errors:
        return Violation("module in spite of an error", str(errors[0]))
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    is_text = not any(d.code == "not-utf-8" for d in outcome.diagnostics)
    lines = text.split("\n")
    for diagnostic in outcome.diagnostics:
        if is_text and not _is_inside(diagnostic, lines):
            return Violation(f"place of {diagnostic.code}", f"{diagnostic!r} is not in the file")
        if not diagnostic.message.strip().endswith((".", "?", "`")):
            return Violation(f"sentence of {diagnostic.code}", diagnostic.message)
        if not render_diagnostic(diagnostic, text):
            return Violation(f"rendering of {diagnostic.code}", str(diagnostic))
    said = [(d.code, d.line, d.column, d.message) for d in outcome.diagnostics]
    if len(set(said)) < len(said):
        return Violation("said twice", str(max(said, key=said.count)))
    return None


def _is_inside(diagnostic: Diagnostic, lines: Sequence[str]) -> bool:
    if not 1 <= diagnostic.line <= len(lines):
        return False
    last = len(lines[diagnostic.line - 1]) + 1
    end = diagnostic.end_column
    return 1 <= diagnostic.column <= last and (end is None or diagnostic.column <= end <= last)


# ---------------------------------------------------------------- modules


def _wrong_module(outcome: Outcome, data: bytes, with_layout: bool) -> Violation | None:
    if outcome.code is None:
        return None
    again = compiled(data)
    if again != outcome:
        return Violation("another module the second time", _difference(outcome.code, again.code or ""))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(outcome.code, "module", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Violation(f"no Python: {type(error).__name__}", str(error))
    try:
        tree = ast.parse(outcome.code)
    except RecursionError:
        return None  # Python compiles deeper trees than it shows
    return _wrong_map(outcome.code, data) or (_wrong_layout(outcome.code, tree) if with_layout else None)


def _wrong_map(code: str, data: bytes) -> Violation | None:
    """The line map names lines that exist, in the module and in the source."""
    *lines, comment = code.rstrip("\n").split("\n")
    head, _, entries = comment.partition(PATH)
    if head != "# pyastro: ":
        return Violation("no line map", comment)
    last = data.count(b"\n") + 1
    for line, column, count, source in _ENTRY.findall(entries):
        more = int(count or 1) - 1
        if not (int(line) >= 1 and int(line) + more <= len(lines) and 1 <= int(source) <= last - more):
            return Violation("line map", f"{line}.{column}+{count}:{source} of {len(lines)} and {last} lines")
    return None


def _wrong_layout(code: str, tree: ast.Module) -> Violation | None:
    """black finds nothing to do, and would not change what the module means."""
    if len(max(code.split("\n"), key=len)) > LONG_LINE and _depth(tree) > DEEP:
        return None
    try:
        formatted = black.format_str(code, mode=_MODE)
    except black.InvalidInput:
        return None  # Python that black cannot read stays as the author wrote it
    if ast.dump(ast.parse(formatted)) != ast.dump(tree):
        return None  # a docstring of the author that black would touch stays as it is
    if formatted != code:
        return Violation("black would change it", _difference(code, formatted))
    return None


def _depth(tree: ast.AST) -> int:
    depth, level = 0, [tree]
    while level:
        depth, level = depth + 1, [child for node in level for child in ast.iter_child_nodes(node)]
    return depth


def _difference(first: str, second: str) -> str:
    pairs = zip(first.split("\n"), second.split("\n"), strict=False)
    return next((f"{a!r} and {b!r}" for a, b in pairs if a != b), "one is longer")


# ---------------------------------------------------------------- other interpreters

_OTHER = """
import json, sys, warnings
warnings.simplefilter("ignore")
for line in sys.stdin:
    try:
        compile(json.loads(line), "module", "exec", dont_inherit=True)
    except Exception as error:
        print(json.dumps(f"{type(error).__name__}: {error}"))
    else:
        print("null")
    sys.stdout.flush()
"""

_DIGESTS = """
import json, sys
from tests.compiler.fuzz.properties import compiled
for line in sys.stdin:
    print(json.dumps(compiled(bytes.fromhex(line.strip())).code), flush=True)
"""


class Interpreter:
    """Another Python, which compiles modules; or this one with other hashes, which compiles components."""

    def __init__(self, executable: str, program: str, hash_seed: str = "0") -> None:
        self.process = subprocess.Popen(
            [executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONUTF8": "1"},
        )

    @classmethod
    def other(cls, executable: str) -> "Interpreter":
        """An interpreter that tells whether it takes a module."""
        return cls(executable, _OTHER)

    @classmethod
    def with_other_hashes(cls, hash_seed: str) -> "Interpreter":
        """This interpreter, in which sets have another order."""
        return cls(sys.executable, _DIGESTS, hash_seed)

    @classmethod
    def works(cls, executable: str) -> bool:
        """Is this a Python that compiles what every Python does?"""
        try:
            interpreter = cls.other(executable)
        except OSError:
            return False
        try:
            return interpreter.ask("x = 1") is None
        except BrokenPipeError:
            return False
        finally:
            interpreter.close()

    def ask(self, code: str) -> object:
        """None if the interpreter takes a module, else what it says."""
        return self.answer(json.dumps(code))

    def answer(self, line: str) -> object:
        """What the process answers to a line."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline() or '"it ended"')

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin and self.process.stdout
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
