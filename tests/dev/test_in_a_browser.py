"""What a person sees in the browser while editing a site under `pyastro dev`."""

import json
import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dev.browsers import leave
from tests.dev.servers import DevServer, dev_server, write_site
from tests.esbuild import needs_esbuild

Page = Any  # Playwright may be missing


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevServer]:
    root = write_site(tmp_path_factory.mktemp("site"))
    editor = root.parent / "my-editor"
    editor.write_text(f'#!/bin/sh\necho "$@" >> {root.parent}/opened\n')
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    with dev_server(root, PYASTRO_EDITOR=str(editor)) as server:
        yield server
        assert server.close() == 0


@pytest.fixture
def page(browser: Any, server: DevServer) -> Iterator[Page]:
    """A page on the site, whose sources are as they were when the test is over."""
    sources = {
        path: path.read_bytes()
        for path in server.root.rglob("*")
        if path.is_file() and not path.is_relative_to(server.root / ".pyastro")
    }
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(8000)
    page.goto(server.url)
    yield page
    leave(page)
    context.close()
    server.forget()
    changed = {path: data for path, data in sources.items() if not path.exists() or path.read_bytes() != data}
    for path, data in changed.items():
        path.write_bytes(data)
    if changed:
        server.hears("reloaded|swapped|taken up|fixed|error")


def count_loads(page: Page) -> None:
    """Mark the document, so that one that was loaded anew can be told from it."""
    page.evaluate("window.same = true; document.querySelector('#field').value = 'typed'")
    page.evaluate("document.querySelector('details').open = true; scrollTo(0, 700)")


def is_same(page: Page) -> bool:
    return bool(
        page.evaluate(
            "window.same === true && document.querySelector('#field').value === 'typed'"
            " && document.querySelector('details').open && scrollY === 700"
        )
    )


def color(page: Page, selector: str, expected: str) -> None:
    page.wait_for_function(
        "([selector, color]) => getComputedStyle(document.querySelector(selector)).color === color",
        arg=[selector, expected],
    )


@pytest.mark.parametrize(
    ("file", "before", "after", "shown"),
    [
        ("pages/index.astro", "<h1>Home", "<h1>Changed", "text=Changed first"),
        ("components/Card.astro", "<h2>{title}", "<h2>new {title}", "text=new one"),
        ("lib/words.py", "first", "second", "text=Home second"),
        ("pyproject.toml", "[tool.pyastro]\n", '[tool.pyastro]\nsite = "https://example.org"\n', None),
    ],
)
def test_a_change_is_on_the_screen(
    file: str, before: str, after: str, shown: str | None, page: Page, server: DevServer
) -> None:
    count_loads(page)
    server.edit(file, before, after)
    if shown is not None:
        page.wait_for_selector(shown)
    page.wait_for_function("window.same === undefined")


def test_a_changed_script_runs(page: Page, server: DevServer) -> None:
    page.wait_for_function("document.title === 'Home 1'")
    server.edit("components/Card.astro", "' 1'", "' 2'")
    page.wait_for_function("document.title === 'Home 2'")


def test_an_endpoint_and_the_middleware(page: Page, server: DevServer) -> None:
    assert page.evaluate("fetch('/data').then(r => r.text())") == "data 1"
    page.evaluate("window.same = true")
    server.edit("pages/data.py", "data 1", "data 2")
    page.wait_for_function("window.same === undefined")
    assert page.evaluate("fetch('/data').then(r => r.text())") == "data 2"
    page.evaluate("window.same = true")
    server.edit("middleware.py", "middleware 1", "middleware 2")
    page.wait_for_function("window.same === undefined")
    assert page.evaluate("fetch('/data').then(r => r.headers.get('x-from'))") == "middleware 2"


def test_new_styles_leave_the_page_as_it_is(page: Page, server: DevServer) -> None:
    color(page, "h2", "rgb(1, 2, 3)")
    count_loads(page)
    server.edit("components/Card.astro", "rgb(1, 2, 3)", "rgb(3, 2, 1)")
    color(page, "h2", "rgb(3, 2, 1)")
    server.edit("components/Card.astro", "rgb(3, 2, 1)", "rgb(7, 7, 7)")
    color(page, "h2", "rgb(7, 7, 7)")
    server.edit("public/site.css", "rgb(4, 5, 6)", "rgb(6, 5, 4)")
    color(page, "h1", "rgb(6, 5, 4)")
    assert is_same(page)
    page.reload()
    color(page, "h2", "rgb(7, 7, 7)")
    color(page, "h1", "rgb(6, 5, 4)")


def test_style_sheets_that_a_component_names_leave_the_page_as_it_is(page: Page, server: DevServer) -> None:
    for name, text in {
        "site.css": '@import "more.css";',
        "more.css": "h2 { order: 1; text-indent: 1px }",
    }.items():
        (server.root / "styles").mkdir(exist_ok=True)
        (server.root / "styles" / name).write_text(text)
    page.evaluate("window.same = true")
    server.edit(
        "components/Card.astro", "<article>", '<style is:global src="../styles/site.css"></style><article>'
    )
    page.wait_for_function("window.same === undefined")
    wait_for_indent(page, "1px")
    count_loads(page)
    for before, after in (("1px", "2px"), ("2px", "3px"), ("3px", "4px")):
        server.edit("styles/more.css", before, after)
        wait_for_indent(page, after)
        assert (
            page.evaluate("document.querySelectorAll('link[href*=_astro]').length") <= 2
        )  # the old one goes at the end
    assert is_same(page)


def wait_for_indent(page: Page, width: str) -> None:
    page.wait_for_function(  # there is no element while the page loads
        "w => [...document.querySelectorAll('h2')].some(h => getComputedStyle(h).textIndent === w)", arg=width
    )


@needs_esbuild
def test_a_changed_file_that_a_script_imports_runs(page: Page, server: DevServer) -> None:
    (server.root / "lib/title.ts").write_text("export const title: string = 'first title'\n")
    server.edit(
        "components/Card.astro",
        "<article>",
        "<script>import { title } from '../lib/title'\ndocument.body.dataset.title = title</script><article>",
    )
    page.wait_for_selector("[data-title='first title']")
    server.edit("lib/title.ts", "first title", "second title")
    page.wait_for_selector("[data-title='second title']")
    server.edit("lib/title.ts", "= 'second", "= = 'second")
    frame = page.frame_locator("pyastro-overlay iframe")
    assert "lib/title.ts:1:" in frame.locator(".where").inner_text()
    server.edit("lib/title.ts", "= = 'second", "= 'third")
    page.wait_for_selector("[data-title='third title']")


def test_a_first_style_and_a_last_one_come_with_the_markup(page: Page, server: DevServer) -> None:
    count_loads(page)
    server.edit("components/Card.astro", "<style>h2 { color: rgb(1, 2, 3) }</style>", "")
    page.wait_for_function("window.same === undefined")
    color(page, "h2", "rgb(0, 0, 0)")


def test_a_compile_error_covers_the_page_until_it_is_fixed(page: Page, server: DevServer) -> None:
    count_loads(page)
    server.edit("components/Card.astro", "{title}", "{title +}")
    frame = page.frame_locator("pyastro-overlay iframe")
    assert "components/Card.astro:5:" in frame.locator(".where").inner_text()
    assert "<article><h2>{title +}" in frame.locator("pre").inner_text()
    assert server.get("/")[0] == 200  # the last site goes on
    server.edit("components/Card.astro", "{title +}", "{other}")  # another error, another sentence
    server.edit("components/Card.astro", "{other}", "{title")
    page.wait_for_function(
        "document.querySelector('pyastro-overlay').shadowRoot.firstChild"
        ".contentDocument?.body?.innerText.includes('{title</h2>')"
    )
    server.edit("components/Card.astro", "{title", "{title}")
    page.wait_for_selector("pyastro-overlay", state="detached")
    assert is_same(page)


def test_a_page_that_is_opened_in_between_shows_the_error_as_well(page: Page, server: DevServer) -> None:
    server.edit("pages/index.astro", "{WORD}", "{WORD")
    page.wait_for_selector("pyastro-overlay", state="attached")
    page.goto(f"{server.url}/visits")
    frame = page.frame_locator("pyastro-overlay iframe")
    assert "pages/index.astro" in frame.locator(".where").first.inner_text()


def test_what_an_import_raises_covers_the_page(page: Page, server: DevServer) -> None:
    server.edit("lib/words.py", "WORD =", "WORD = {}['nothing']; WORD =")
    frame = page.frame_locator("pyastro-overlay iframe")
    assert "KeyError" in frame.locator("main").inner_text()
    assert "lib/words.py:1" in frame.locator(".where").first.inner_text()
    server.edit("lib/words.py", "WORD = {}['nothing']; ", "")
    page.wait_for_selector("pyastro-overlay", state="detached")


def test_what_a_page_raises_is_shown_with_its_values_until_it_is_fixed(page: Page, server: DevServer) -> None:
    server.edit("components/Card.astro", "{title}", "{title / 2}")
    page.wait_for_selector("text=TypeError")
    shown = page.inner_text("main")
    assert "COMPONENTS, FROM THE PAGE INWARDS" in shown.upper()
    assert re.search(r"pages/index\.astro:9\s+<Card title=\"one\" />", shown)
    assert re.search(r"components/Card\.astro:5", shown)
    assert re.search(r"title\s+'one'", shown)
    server.edit("components/Card.astro", "{title / 2}", "{title}!")
    page.wait_for_selector("text=one!")


def test_a_click_opens_the_editor_at_the_line(page: Page, server: DevServer) -> None:
    opened = server.root.parent / "opened"
    server.edit("components/Card.astro", "{title}", "{title / 2}")
    page.click(".where [data-source]")
    expect_text(opened, f"{server.root}/components/Card.astro:5:1\n")
    server.edit("components/Card.astro", "{title / 2}", "{title / }")
    page.frame_locator("pyastro-overlay iframe").locator(".where [data-source]").click()
    expect_text(opened, "Card.astro:5:21")


def expect_text(file: Path, text: str) -> None:
    end = time.monotonic() + 5
    while not file.exists() or text not in file.read_text():
        assert time.monotonic() < end, file.read_text() if file.exists() else "nothing was opened"
        time.sleep(0.02)


def test_a_half_written_file_is_no_error(page: Page, server: DevServer) -> None:
    page.evaluate(
        "window.flashes = 0; new MutationObserver(() => { window.flashes += !!document.querySelector('pyastro-overlay') })"
        ".observe(document.documentElement, {childList: true})"
    )
    file = server.root / "components/Card.astro"
    text = file.read_text().replace("rgb(1, 2, 3)", "rgb(9, 9, 9)")
    with file.open("w") as output:  # empty at first, then cut off in an expression, then whole
        time.sleep(0.05)
        output.write(text[: text.index("{title}") + 4])
        output.flush()
        time.sleep(0.08)
        output.write(text[text.index("{title}") + 4 :])
    color(page, "h2", "rgb(9, 9, 9)")
    assert page.evaluate("window.flashes") == 0


def test_sessions_survive(page: Page, server: DevServer) -> None:
    page.goto(f"{server.url}/visits")
    page.wait_for_selector("text=visit 1")
    server.edit("pages/visits.astro", "visit {count}", "seen {count}")
    page.wait_for_selector("text=seen 2")


def test_a_hidden_page_gives_its_connection_back_and_catches_up(page: Page, server: DevServer) -> None:
    """A browser has six connections for each server: twenty tabs must not use them up."""
    script = "Object.defineProperty(document, 'hidden', {{value: {0}, configurable: true}}); document.dispatchEvent(new Event('visibilitychange'))"
    count_loads(page)
    page.evaluate(script.format("true"))
    server.edit("components/Card.astro", "rgb(1, 2, 3)", "rgb(8, 8, 8)")
    server.hears("styles swapped")
    color(page, "h2", "rgb(1, 2, 3)")
    page.evaluate(script.format("false"))
    color(page, "h2", "rgb(8, 8, 8)")
    assert is_same(page)


def test_a_page_of_another_run_is_loaded_anew(page: Page, server: DevServer) -> None:
    """Changes in the environment start the server anew, on the same port; nothing is left to do by hand."""
    count_loads(page)
    (server.root / ".env").write_text("NAME=value\n")
    server.hears("started anew")
    page.wait_for_function("window.same === undefined")
    page.evaluate("window.same = true")
    server.forget()
    (server.root / ".env").unlink()
    server.hears("started anew")
    page.wait_for_function("window.same === undefined")  # a page that closes while it loads may close never


def test_a_policy_of_the_site_does_not_lock_the_script_out(page: Page, server: DevServer) -> None:
    with page.expect_event("load"):  # the page loads itself anew, and has the policy then
        server.edit(
            "middleware.py",
            "    return response",
            "    response.headers['content-security-policy'] = \"default-src 'none'\"\n    return response",
        )
    server.edit("pages/index.astro", "<h1>Home", "<h1>Strict")
    page.wait_for_selector("text=Strict first")
    assert json.dumps(page.evaluate("document.querySelector('script[src]').src")).endswith('client.js"')
