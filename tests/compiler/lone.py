"""Compiling and rendering one component that imports no other."""

import asyncio
from types import ModuleType
from typing import Any

from pyastro.compiler import CompileError, Diagnostic, Resolution, Source, emit, inspect
from pyastro.compiler.imports import Asset, Script


class NoOtherSources:
    """A resolver for a site of one file: every import is the environment's."""

    def module(self, importer: str, module: str | None, level: int) -> Resolution:
        return Resolution("external", module=module)

    def member(self, importer: str, module: str | None, level: int, name: str) -> Resolution:
        return Resolution("external", module=module)

    def module_name(self, path: str) -> str:
        return path.removesuffix(".astro").replace("/", ".")

    def asset(self, importer: str, path: str) -> Asset:
        return Asset("missing")

    def script(self, component: str, start: int) -> Script:
        return Script()


def diagnose(text: str) -> list[Diagnostic]:
    """All that the compiler says about a component."""
    inspection = inspect(Source("components/Lone.astro", text, text.encode("utf-8", "surrogatepass")))
    found = list(inspection.diagnostics)
    if inspection.analysis is not None and not any(d.is_error for d in found):
        found += emit(inspection, NoOtherSources(), {}).diagnostics
    return found


def compile_text(text: str) -> str:
    """The module of a component; raises CompileError."""
    inspection = inspect(Source("components/Lone.astro", text, text.encode()))
    if inspection.analysis is None or any(d.is_error for d in inspection.diagnostics):
        raise CompileError(inspection.diagnostics)
    emission = emit(inspection, NoOtherSources(), {})
    if emission.code is None:
        raise CompileError(emission.diagnostics)
    return emission.code


def render_text(text: str, slots: Any = None, /, **props: Any) -> str:
    """What a component renders."""
    module = ModuleType("lone")
    exec(compile(compile_text(text), "lone.py", "exec"), module.__dict__)
    return str(asyncio.run(module.render(None, slots, **props)))
