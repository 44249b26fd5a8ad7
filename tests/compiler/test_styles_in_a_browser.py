"""What a real browser makes of scoped styles: Chromium, where there is one."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from tests.compiler.fixture_site import compile_fixture

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PROBE = """<script>
const styles = {};
for (const each of document.querySelectorAll("[id]")) {
  const style = getComputedStyle(each);
  styles[each.id] = [style.color, style.marginTop, getComputedStyle(each, "::before").content];
}
const shown = document.createElement("textarea");
shown.id = "shown";
shown.textContent = JSON.stringify(styles);
document.body.append(shown);
</script>"""
RED, GREEN, BLUE, BLACK = "rgb(255, 0, 0)", "rgb(0, 128, 0)", "rgb(0, 0, 255)", "rgb(0, 0, 0)"


def styles(folder: Path, page: str, **components: str) -> dict[str, list[str]]:
    """The color, the margin and the `::before` of each element with an id, as Chromium computes them."""
    case = folder / "case"
    (case / "components").mkdir(parents=True)
    (case / "input.astro").write_text(page)
    for name, text in components.items():
        (case / "components" / f"{name}.astro").write_text(text)
    outcome = compile_fixture(case, folder)
    assert outcome.page is not None, outcome.said
    document = folder / "page.html"
    document.write_text(outcome.page.replace("</body>", f"{PROBE}</body>"))
    assert CHROMIUM
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
    ]
    dump = subprocess.run(
        [*command, "--dump-dom", document.as_uri()], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    found = re.search(r'<textarea id="shown">(.*?)</textarea>', dump, re.DOTALL)
    assert found, dump
    shown = json.loads(unescape(found[1]))
    assert isinstance(shown, dict)
    return shown


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_own_elements_and_no_others(tmp_path: Path) -> None:
    page = """---
from ..components import Child
---
<html><head><title>t</title></head><body>
<p id="own" class="x">1</p><Child><p id="slotted" class="x">2</p></Child><div class="y"><i id="nested">3</i></div>
<b id="marked">4</b>
</body></html>
<style>
  p.x { color: red; &:not(.z) { margin-top: 1px } }
  .y { i { color: green } :global(u) { color: blue } }
  @media all { @supports (color: red) { :is(b, .none) { color: blue; &::before { content: "b" } } } }
  :global(.free) { margin-top: 3px }
</style>
"""
    child = """<section><p id="child" class="x">c</p><slot /><div class="y"><i id="foreign">d</i><u id="u">e</u></div></section>
<em id="free" class="free">f</em>
"""
    found = styles(tmp_path, page, Child=child)
    assert found["own"] == [RED, "1px", "none"]
    assert found["slotted"] == [RED, "1px", "none"]
    assert found["child"][0] == BLACK and found["child"][1] != "1px"
    assert found["nested"][0] == GREEN
    assert found["foreign"][0] == BLACK
    assert found["u"][0] == BLACK
    assert found["marked"] == [BLUE, "0px", '"b"']
    assert found["free"][1] == "3px"


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_what_one_sheet_leaves_open_takes_in_no_other(tmp_path: Path) -> None:
    page = """---
from ..components import A, B, C
---
<html><head><title>t</title></head><body><A /><B /><C /><p id="p" style="color: blue">p</p></body></html>
<style define:vars={{"m": "5px"}}>p { margin-top: var(--m); color: red</style>
"""
    open_sheets = {
        "A": '<i id="a">a</i><style>i { color: red; background: url(x</style>',
        "B": '<b id="b">b</b><style is:global>@media all { b { color: green</style>',
        "C": '<u id="c">c</u><style>u { color: blue } /* x</style>',
    }
    found = styles(tmp_path, page, **open_sheets)
    assert (found["a"][0], found["b"][0], found["c"][0]) == (RED, GREEN, BLUE)
    assert found["p"][:2] == [BLUE, "5px"]
