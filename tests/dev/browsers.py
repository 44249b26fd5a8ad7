"""A real browser for tests: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str:
    """The path of Chromium. Skips the test where there is none; where `PYASTRO_REQUIRE_BROWSER` is set, fails."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        import playwright.sync_api as _playwright  # noqa: F401
    except ImportError:
        return _missing("Playwright")
    return found or _missing("Chromium")


def _missing(what: str) -> str:
    if os.environ.get("PYASTRO_REQUIRE_BROWSER"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"there is no {what} here")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Chromium, without a window."""
    path = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield chromium
        chromium.close()


def leave(page: Any) -> None:
    """Take a page away from a site that loads it anew after each edit: one that goes or closes meanwhile may hang."""
    page.wait_for_timeout(700)  # what the last edit began is over by then
    page.wait_for_load_state("load")
    page.goto("about:blank")
