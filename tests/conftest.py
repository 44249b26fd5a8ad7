"""What all tests share: `pyastro` is this checkout, whichever copy is installed; and the flag that updates fixtures."""

from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytest.register_assert_rewrite("tests.hosts.request_suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="write what the fixtures give, to be reviewed as a diff"
    )


def pytest_configure() -> None:
    """Refuse to test another copy."""
    try:
        spec = find_spec("pyastro.grammar")
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None or not Path(spec.origin).resolve().is_relative_to(ROOT):
        raise pytest.UsageError(
            "pyastro is not installed from this checkout: run `pip install -e '.[dev]'` here"
        )


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Shall fixtures be written instead of compared?"""
    return bool(request.config.getoption("--update"))
