"""Module scripts that need esbuild."""

import asyncio
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pyastro.compiler.project import Report, compile_project
from pyastro.compiler.project.esbuild import Esbuild
from pyastro.runtime import Request, Response
from pyastro.runtime.site import Site
from tests.esbuild import needs_esbuild
from tests.runtime.site_builds import text_of

Write = Callable[[Mapping[str, str | bytes]], Path]

SITE = {
    "pages/index.astro": '---\nfrom ..components import Cart\n---\n<Cart /><script>import { cart } from "../lib/cart.ts"\n'
    "cart.push(1)\nconst n: number = cart.length\nconsole.log(n)</script>\n",
    "components/Cart.astro": '<script>import { cart } from "../lib/cart"\ncart.push(2)</script>',
    "lib/cart.ts": "export const cart: number[] = []\n",
}
SMALL = {
    "pages/index.astro": "<script>const n: number = 1; console.log(n)</script>",
    "pages/plain.astro": "<p>x</p>",
}


def compiled(root: Path) -> Report:
    report = compile_project(root / "pages", root / "build")
    assert report.is_successful, report.diagnostics
    return report


def failed(root: Path) -> list[str]:
    return [str(each) for each in compile_project(root / "pages", root / "build").diagnostics]


def served(root: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((root / "build/public/_astro").iterdir())}


def answer(root: Path, path: str) -> Response:
    return asyncio.run(Site.load(root / "build").handle(Request("GET", f"http://localhost{path}")))


# ---------------------------------------------------------------- what comes of a script


@needs_esbuild
def test_a_module_that_two_scripts_import_is_one(write: Write) -> None:
    root = write(SITE)
    compiled(root)
    files = served(root)
    shared = [name for name in files if name.startswith("chunk.")]
    text = text_of(answer(root, "/"))
    sources = re.findall(r'<script type="module" src="/_astro/([\w.]+)"></script>', text)
    assert len(shared) == 1 and len(sources) == 2
    assert all(f'from"./{shared[0]}"' in files[name] for name in sources)
    assert all(re.fullmatch(r"\w+\.[0-9a-f]{10}\.js", name) for name in files)
    script = answer(root, f"/_astro/{sources[0]}")
    assert script.headers.get("content-type", "").startswith("text/javascript")
    assert "immutable" in script.headers.get("cache-control", "")


@needs_esbuild
def test_a_small_one_stands_in_the_page(write: Write) -> None:
    root = write(SMALL)
    compiled(root)
    assert '<script type="module">console.log(1);</script>' in text_of(answer(root, "/"))
    assert not (root / "build/public").exists()


@needs_esbuild
@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!-- <script>", "</SCRIPT >"])
def test_no_text_of_a_script_ends_its_element(text: str, write: Write) -> None:
    literal = json.dumps(text).replace("<", "\\u003c")
    root = write({"pages/index.astro": f"<script>const a: string = {literal}; console.log(a)</script>"})
    compiled(root)
    page = text_of(answer(root, "/"))
    assert page.lower().count("<script") == 1 and page.count("</") == 1 and "<!--" not in page


@needs_esbuild
def test_a_package_is_bundled_and_addresses_stay(write: Write) -> None:
    root = write(
        {
            "pages/index.astro": '<script>import two from "two"; import "/site.js"; import "https://host/x.js"; two()</script>',
            "node_modules/two/package.json": '{"name": "two", "main": "main.js"}',
            "node_modules/two/main.js": "module.exports = () => document.title = 'two'\n",
            "public/site.js": "",
        }
    )
    compiled(root)
    page = text_of(answer(root, "/"))
    assert "document.title" in page and 'import"/site.js"' in page and 'import"https://host/x.js"' in page


@needs_esbuild
def test_the_base_of_the_site_stands_before_its_address(write: Write) -> None:
    root = write({**SITE, "pyastro.toml": 'base = "/docs"\n'})
    compiled(root)
    first, *_ = re.findall(r'src="(/docs/_astro/[\w.]+)"', text_of(answer(root, "/docs/")))
    assert answer(root, first).status == 200


@needs_esbuild
def test_the_paths_of_tsconfig_hold(write: Write) -> None:
    settings = '{"compilerOptions": {"paths": {"@/*": ["./lib/*"]}}}'
    page = '<script>import { cart } from "@/cart"; console.log(cart)</script>'
    root = write({"pages/index.astro": page, "lib/cart.ts": SITE["lib/cart.ts"], "tsconfig.json": settings})
    compiled(root)
    assert "console.log" in text_of(answer(root, "/"))


# ---------------------------------------------------------------- what is done again


@needs_esbuild
def test_the_same_sources_give_the_same_bytes(write: Write, tmp_path: Path) -> None:
    root = write(SITE)
    other = tmp_path / "elsewhere/deeper/site"
    shutil.copytree(root, other)
    compiled(root)
    compiled(other)
    for path in (root / "build").rglob("*"):
        if path.is_file():
            assert (other / path.relative_to(root)).read_bytes() == path.read_bytes(), path
    before = sorted(path.stat().st_mtime_ns for path in (root / "build").rglob("*") if path.is_file())
    compiled(root)
    after = sorted(path.stat().st_mtime_ns for path in (root / "build").rglob("*") if path.is_file())
    assert before == after


@needs_esbuild
def test_esbuild_runs_only_where_something_changed(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write({**SITE, "pages/plain.astro": "<p>x</p>"})
    runs: list[int] = []
    bundle = Esbuild.bundle
    monkeypatch.setattr(Esbuild, "bundle", lambda *given: (runs.append(1), bundle(*given))[1])
    compiled(root)
    (root / "pages/plain.astro").write_text("<p>y</p>")
    assert compiled(root).compiled == ["pages/plain.astro"]
    assert len(runs) == 1
    (root / "lib/cart.ts").write_text("export const cart: number[] = [9]\n")
    assert sorted(compiled(root).compiled) == ["components/Cart.astro", "pages/index.astro"]
    assert len(runs) == 2
    assert any("9" in text for text in served(root).values())
    (root / "lib/unused.ts").write_text("export {}")  # could have been meant by an import
    assert compiled(root).compiled == []
    shutil.rmtree(root / "build/public/_astro")
    compiled(root)
    assert len(served(root)) == 3


@needs_esbuild
def test_a_file_that_is_nearer_by_its_name_is_taken(write: Write) -> None:
    page = '<script>import { a } from "../lib/a"; console.log(a)</script>'
    root = write({"pages/index.astro": page, "lib/a/index.ts": "export const a = 'folder'"})
    compiled(root)
    (root / "lib/a.ts").write_text("export const a = 'file'")
    compiled(root)
    assert '"file"' in text_of(answer(root, "/"))


# ---------------------------------------------------------------- what is refused


def test_a_missing_esbuild_is_told_and_what_needs_it(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Esbuild, "find", classmethod(lambda *_: None))
    root = write(
        {
            "pages/index.astro": '<script>let a = 1</script>\n<script>\nlet b: T = 1</script><script>import "c"</script>'
        }
    )
    report = compile_project(root / "pages", root / "build")
    assert [(d.line, d.column, d.code) for d in report.diagnostics] == [
        (3, 6, "script-needs-esbuild"),
        (3, 37, "script-needs-esbuild"),
    ]
    assert "npm install esbuild" in (report.diagnostics[0].hint or "")


def test_what_needs_nothing_asks_for_nothing(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Esbuild, "find", classmethod(lambda *_: pytest.fail("esbuild was looked for")))
    root = write(
        {
            "pages/index.astro": "<script>a = {b: 1}; import('/c.js')</script><script is:inline>let d: T</script>"
            "<script type=\"module\">import 'e'</script><script define:vars={{'f': 1}}>let g: T</script>"
        }
    )
    compiled(root)


def test_a_program_that_cannot_be_run_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write({**SMALL, "node_modules/.bin/esbuild": "#!/no/such/program\n"})
    os.chmod(root / "node_modules/.bin/esbuild", 0o755)
    (said,) = failed(root)
    assert said.startswith("pages/index.astro:1:1: error: esbuild: ") and said.endswith("[script-bundle]")
    (root / "node_modules/.bin/esbuild").write_text("#!/bin/sh\necho 'no such option' >&2; exit 1\n")
    assert failed(root) == ["pages/index.astro:1:1: error: esbuild: no such option [script-bundle]"]
    (root / "node_modules/.bin/esbuild").write_text("#!/bin/sh\nexec sleep 20\n")
    monkeypatch.setattr("pyastro.compiler.project.esbuild.SECONDS", 0.2)
    assert "did not come to an end" in failed(root)[0]


@needs_esbuild
def test_what_esbuild_says_stands_at_the_authors_line(write: Write) -> None:
    root = write(
        {
            "pages/index.astro": '<p>x</p>\n<script>\n  import { a } from "../lib/a"; import "../lib/b.ts"\n'
            '  const é = "ü"; import c from "c/d"; c(a); import { e } from "../lib/a"; e()</script>\n',
            "lib/a.ts": "export const x = 1\n",
        }
    )
    found = compile_project(root / "pages", root / "build").diagnostics
    assert [(d.line, d.column, d.end_column, d.message) for d in found if "resolve" in d.message] == [
        (3, 40, 53, 'esbuild: Could not resolve "../lib/b.ts".'),
        (4, 32, 37, 'esbuild: Could not resolve "c/d".'),
    ]
    assert found[-1].hint == "Install it beside the pages: `npm install c`."
    (root / "lib/b.ts").write_text("\nconst ö = 'ä'; let a: = 3\n")
    (root / "node_modules/c").mkdir(parents=True)
    (root / "node_modules/c/d.js").write_text("export default () => 1")
    assert failed(root) == ['lib/b.ts:2:23: error: esbuild: Unexpected "=". [script-bundle]']


@needs_esbuild
@pytest.mark.parametrize(
    "path",
    [
        "../../secret.ts",
        "../.hidden.ts",
        "../.hidden/x.ts",
        "../linked/secret.ts",
        "./link.ts",
        "../lib/deep.ts",
    ],
)
def test_nothing_from_outside_is_served(path: str, write: Write) -> None:
    root = write(
        {
            "pages/index.astro": f'<script>let a: number\nimport "{path}"</script>',
            ".hidden.ts": "console.log(1)",
            ".hidden/x.ts": "console.log(1)",
            "lib/deep.ts": 'import "../.hidden"',
        }
    )
    outside = root.parent / "outside"
    outside.mkdir()
    for folder in (outside, root.parent):
        (folder / "secret.ts").write_text("console.log('secret')")
    os.symlink(outside, root / "linked")
    os.symlink(outside / "secret.ts", root / "pages/link.ts")
    (found,) = compile_project(root / "pages", root / "build").diagnostics
    assert found.code == "script-outside"
    where = ("lib/deep.ts", 1, 9) if "deep" in path else ("pages/index.astro", 2, 8)
    assert (found.path, found.line, found.column) == where


@needs_esbuild
def test_all_that_esbuild_says_is_told(write: Write) -> None:
    """Of every script and file, not of the first alone; and its warnings, also by the next run, which it has no part in."""
    wrong = (
        '<script>import "./nowhere"\nimport "../lib/bad"</script>\n<script>const x: number = = 1</script>\n'
    )
    root = write(
        {"pages/a.astro": wrong, "pages/b.astro": wrong, "lib/bad.ts": 'import "./no"\nimport "nothing"\n'}
    )
    found = compile_project(root / "pages", root / "build").diagnostics
    assert [(each.path, each.line) for each in found] == [
        ("lib/bad.ts", 1),
        ("lib/bad.ts", 2),
        ("pages/a.astro", 1),
        ("pages/a.astro", 3),
        ("pages/b.astro", 1),
        ("pages/b.astro", 3),
    ]
    slips = "const z: object = {a: 1, a: 2}\nif (z == NaN) console.log(z)"
    root = write({"pages/a.astro": f"<script>{slips}</script>\n", "pages/b.astro": "<p>b</p>"})
    for _ in range(2):
        warnings = compiled(root).warnings
        assert [(each.line, each.column, each.message) for each in warnings] == [
            (1, 34, 'esbuild: Duplicate key "a" in object literal.'),
            (2, 7, 'esbuild: Comparison with NaN using the "==" operator here is always false.'),
        ]


@needs_esbuild
def test_a_style_sheet_is_no_script(write: Write) -> None:
    root = write(
        {
            "pages/index.astro": '<script>\nimport "../a.css"; import x from "packed"; x()</script>',
            "pages/packed.astro": '<script>import x from "packed"; x()</script>',
            "a.css": "",
            "node_modules/packed/index.js": 'import "./x.css"; export default () => 1',
            "node_modules/packed/x.css": "a{}",
        }
    )
    assert failed(root) == [
        "pages/index.astro:2:8: error: `../a.css` is a style sheet, which no script brings into a page. [script-style]",
    ]
    (root / "pages/index.astro").unlink()
    assert failed(root) == [
        "pages/packed.astro:1:23: error: `packed` imports a style sheet, which no script brings into a page. [script-style]"
    ]
