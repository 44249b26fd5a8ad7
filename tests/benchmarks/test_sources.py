"""What the compiler is measured with compiles, and Jinja2's counterpart does, too."""

from pathlib import Path

import jinja2
import pytest

from benchmarks import sources
from pyastro.compiler import Source, inspect
from pyastro.compiler.project import compile_project


def test_a_site_has_as_many_components_as_wanted_and_compiles(tmp_path: Path) -> None:
    sources.write_site(tmp_path / "site", 30)
    report = compile_project(tmp_path / "site/pages", tmp_path / "build")
    assert report.diagnostics == report.warnings == []
    assert len(report.components) == 30


@pytest.mark.parametrize("number", range(4))
def test_jinjas_components_compile(number: int) -> None:
    assert jinja2.Environment(autoescape=True).compile(sources.jinja_component(number), raw=True)


def test_a_large_component_has_about_the_size_wanted() -> None:
    text = sources.large_component(50_000)
    assert len(text) == pytest.approx(50_000, rel=0.05)
    assert inspect(Source("Large.astro", text)).diagnostics == ()
