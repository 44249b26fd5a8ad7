"""What `pyastro dev` says on the terminal."""

import sys
import threading
import webbrowser
from collections.abc import Iterable
from datetime import datetime

from pyastro.cli.terminal import counted, paint, wants_color
from pyastro.compiler.diagnostics import render_diagnostic
from pyastro.dev import Broken, Changed, Crashed
from pyastro.runtime.startup_report import startup_report

_MOST_PATHS = 3
_SLOW = 1.0


class TerminalReporter:
    """One line for each thing that happens, and the whole message for what is wrong."""

    def __init__(self, *, opens: bool = False, shows_requests: bool = False) -> None:
        self._opens = opens
        self._shows_requests = shows_requests
        self._color = wants_color(sys.stdout)
        self._lock = threading.Lock()

    def ready(self, url: str, pages: int, components: int, seconds: float, is_restart: bool) -> None:
        """Say where to look, and look there if that is wanted."""
        if is_restart:
            self._event(f"started anew in {_duration(seconds)}")
            return
        self._print(f"{self._paint('1;35', 'pyastro dev')}  {self._paint('1;36', url)}")
        size = f"{counted(pages, 'page')}, {counted(components, 'component')}"
        self._print(self._paint("2", f"{size}, ready in {_duration(seconds)}"))
        if sys.stdout.isatty():
            self._print(self._paint("2", "Press Ctrl+C to stop."))
        if self._opens:
            webbrowser.open(url)

    def warned(self, outcome: Changed) -> None:
        """Show the warnings."""
        for warning in outcome.warnings:
            self._print(render_diagnostic(warning, outcome.texts.get(warning.path), self._color))

    def changed(self, paths: Iterable[str], outcome: Changed, seconds: float) -> None:
        """Say which files changed, and what came of it."""
        names = list(paths)
        shown = ", ".join(names[:_MOST_PATHS])
        more = f" and {len(names) - _MOST_PATHS} more" if len(names) > _MOST_PATHS else ""
        deed = (
            "reloaded"
            if outcome.is_reload
            else "styles swapped" if outcome.styles or outcome.links else "taken up"
        )
        self._event(f"{self._paint('1', shown + more)} {deed} {self._paint('2', f'in {_duration(seconds)}')}")
        self.warned(outcome)

    def failed(self, outcome: Broken | Crashed) -> None:
        """Show what is wrong, as the compiler and the server do."""
        if isinstance(outcome, Crashed):
            self._event(self._paint("1;31", "The site cannot start"))
            self._print(startup_report(outcome.error).rstrip())
            return
        errors = [each for each in outcome.diagnostics if each.is_error]
        self._event(self._paint("1;31", outcome.message or counted(len(errors), "error")))
        if outcome.hint:
            self._print(f"  {self._paint('1;36', 'hint')}: {outcome.hint}")
        for each in outcome.diagnostics:
            self._print(render_diagnostic(each, outcome.texts.get(each.path), self._color) + "\n")

    def fixed(self) -> None:
        """Say that all is well again."""
        self._event(self._paint("1;32", "fixed"))

    def replacing(self, path: str, reason: str) -> None:
        """Say why the server starts anew."""
        self._event(f"{self._paint('1', path)} needs a new start: {reason}")

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """Say what was answered."""
        if self._shows_requests or status >= 500 or seconds > _SLOW:
            tone = "31" if status >= 500 else "33" if status >= 400 else "32"
            self._event(
                f"{self._paint(tone, str(status))} {method} {_printable(path)} {self._paint('2', _duration(seconds))}"
            )

    def _event(self, text: str) -> None:
        self._print(f"{self._paint('2', datetime.now().strftime('%H:%M:%S'))} {text}")

    def _print(self, text: str) -> None:
        with self._lock:
            print(text, flush=True)

    def _paint(self, code: str, text: str) -> str:
        return paint(code, text, self._color)


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _printable(path: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in path)
