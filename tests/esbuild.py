"""Tests that need esbuild."""

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest


def has_esbuild() -> bool:
    """Is it there? Where it must be, the tests are not skipped but fail."""
    return shutil.which("esbuild") is not None or "PYASTRO_REQUIRE_NODE" in os.environ


needs_esbuild: Callable[[Any], Any] = pytest.mark.skipif(not has_esbuild(), reason="esbuild is not installed")
