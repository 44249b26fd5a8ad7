"""What the pack for a server of one's own holds."""

import json
from pathlib import Path

from tests.prerender.sites import build

FILES: dict[str, str | bytes] = {
    "pyastro.toml": 'adapter = "server"',
    "pages/index.astro": "<p>Hi</p>",
    "pages/about.astro": "---\nprerender = True\n---\n<p>About</p>",
}


def test_files_that_did_not_change_are_known_after_the_next_build(tmp_path: Path) -> None:
    assert build(tmp_path, FILES) == 0
    first = json.loads((tmp_path / "dist/manifest.json").read_text())
    assert build(tmp_path, {"pages/index.astro": "<p>Changed</p>"}) == 0
    second = json.loads((tmp_path / "dist/manifest.json").read_text())
    assert first["public"] == second["public"] and "about/index.html" in second["public"]
