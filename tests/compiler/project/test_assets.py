import asyncio
import json
import os
import struct
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pyastro.compiler.analyze.css_urls import references
from pyastro.compiler.project import Report, compile_project
from pyastro.compiler.project.assets import Assets
from pyastro.compiler.project.image_size import image_size
from pyastro.runtime import Request, Response
from pyastro.runtime.site import Site
from tests.runtime.site_builds import text_of

Write = Callable[[Mapping[str, str | bytes]], Path]

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIB", 13, b"IHDR", 120, 40, 8)
PAGE = '---\nlogo = asset("../images/logo.png")\n---\n<img src={logo} width={logo.width}>\n'
STYLED = '<style is:global src="../styles/site.css"></style><p>x</p>\n'


def compiled(root: Path) -> Report:
    report = compile_project(root / "pages", root / "build")
    assert report.is_successful, report.diagnostics
    return report


def served(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "build/public/_astro").iterdir())


def answer(root: Path, path: str) -> Response:
    return asyncio.run(Site.load(root / "build").handle(Request("GET", f"http://localhost{path}")))


# ---------------------------------------------------------------- what is served


def test_a_file_is_served_under_its_hash_for_ever(write: Write) -> None:
    root = write({"pages/index.astro": PAGE, "images/logo.png": PNG})
    compiled(root)
    (name,) = served(root)
    page = answer(root, "/")
    assert f'<img src="/_astro/{name}" width="120">' in text_of(page)
    image = answer(root, f"/_astro/{name}")
    assert (image.status, image.headers.get("content-type")) == (200, "image/png")
    assert image.headers.get("cache-control") == "public, max-age=31536000, immutable"
    assert image.headers.get("content-length") == str(len(PNG))
    manifest = json.loads((root / "build/manifest.json").read_text())
    assert manifest["public"][f"_astro/{name}"]["size"] == len(PNG)
    assert answer(root, "/images/logo.png").status == 404


def test_the_base_of_the_site_stands_before_its_address(write: Write) -> None:
    root = write({"pages/index.astro": PAGE, "images/logo.png": PNG, "pyastro.toml": 'base = "/docs"\n'})
    compiled(root)
    (name,) = served(root)
    assert f'src="/docs/_astro/{name}"' in text_of(answer(root, "/docs/"))
    assert answer(root, f"/docs/_astro/{name}").status == 200


def test_style_sheets_come_once_in_the_order_of_imports(write: Write) -> None:
    layout = '<style is:global src="../styles/site.css"></style><style>p { top: 0 }</style><slot />'
    root = write(
        {
            "layouts/Base.astro": layout,
            "components/Card.astro": '<style is:global src="../styles/card.css"></style><i>x</i>',
            "styles/site.css": "p { color: red }\n",
            "styles/card.css": "i { color: blue }\n",
            "pages/index.astro": "---\nfrom ..layouts import Base\nfrom ..components import Card\n---\n<Base><Card /><Card /></Base>\n"
            + STYLED,
        }
    )
    compiled(root)
    text = text_of(answer(root, "/"))
    names = [part.split('"')[0].rpartition("/")[2].split(".")[0] for part in text.split('href="')[1:]]
    assert names == ["site", "card"]
    assert text.index("<style>") > text.index("card.")
    assert text.count("stylesheet") == 2


def test_the_files_of_a_style_sheet_are_served_too(write: Write) -> None:
    css = '@import "more.css" print;\np { background: url("../images/logo.png?v=1#x\'y") }\n'
    root = write(
        {
            "pages/index.astro": STYLED,
            "styles/site.css": css,
            "styles/more.css": "i { top: 0 }",
            "images/logo.png": PNG,
        }
    )
    compiled(root)
    logo, more, site = served(root)
    text = answer(root, f"/_astro/{site}")
    assert text.headers.get("content-type") == "text/css; charset=utf-8"
    written = (root / "build/public/_astro" / site).read_text()
    assert (
        written
        == f'@import url("/_astro/{more}") print;\np {{ background: url("/_astro/{logo}?v=1#x\\27 y") }}\n'
    )


# ---------------------------------------------------------------- what is done again


def test_only_what_names_a_changed_file_is_compiled_again(write: Write) -> None:
    root = write(
        {
            "pages/index.astro": PAGE,
            "pages/styled.astro": STYLED,
            "pages/plain.astro": "<p>x</p>",
            "images/logo.png": PNG,
            "styles/site.css": "@import 'more.css';",
            "styles/more.css": "p { top: 0 }",
        }
    )
    compiled(root)
    assert compiled(root).compiled == []
    (root / "styles/more.css").write_text("p { top: 1px }")
    report = compiled(root)
    assert report.compiled == ["pages/styled.astro"]
    assert len(report.removed) == 2 and all(path.endswith(".css") for path in report.removed)
    (root / "images/logo.png").write_bytes(PNG + b"x")
    assert compiled(root).compiled == ["pages/index.astro"]
    (root / "images/logo.png").unlink()
    report = compile_project(root / "pages", root / "build")
    assert [each.code for each in report.diagnostics] == ["asset-missing"]
    assert len(served(root)) == 3, "the old build is as it was"


def test_the_same_files_give_the_same_bytes(write: Write, tmp_path: Path) -> None:
    files = {"pages/index.astro": PAGE + STYLED, "images/logo.png": PNG, "styles/site.css": "p{top:0}"}
    root = write(files)
    compiled(root)
    compile_project(root / "pages", tmp_path / "other")
    for path in (root / "build").rglob("*"):
        if path.is_file():
            assert (tmp_path / "other" / path.relative_to(root / "build")).read_bytes() == path.read_bytes()


def test_a_changed_partial_of_sass_compiles_what_has_its_text(write: Write) -> None:
    pytest.importorskip("sass")
    root = write(
        {
            "pages/index.astro": '<style lang="scss">@import "../styles/colors"; p { color: $c }</style><p>x</p>',
            "pages/sheet.astro": '<style is:global src="../styles/site.scss"></style><p>x</p>',
            "pages/plain.astro": "<p>x</p>",
            "styles/_colors.scss": "$c: red;",
            "styles/site.scss": '@import "colors"; i { color: $c }',
        }
    )
    compiled(root)
    assert compiled(root).compiled == []
    (root / "styles/_colors.scss").write_text("$c: green;")
    assert sorted(compiled(root).compiled) == ["pages/index.astro", "pages/sheet.astro"]
    assert "color: green" in text_of(answer(root, "/"))
    assert "color: green" in (root / "build/public/_astro" / served(root)[0]).read_text()
    (root / "styles/_colors.scss").unlink()
    report = compile_project(root / "pages", root / "build")
    assert {each.code for each in report.diagnostics} == {"sass-syntax"}


def test_style_sheets_and_scripts_are_made_smaller(write: Write) -> None:
    pytest.importorskip("minify_html")
    sheet = '/*! mine */\n@import "more.css";\n/* a */ p { color: red; & b { top : 0px } }\n'
    script = "const answer = 1\n\nfunction shown(name) { return `a  ${name}` }\n"
    files: dict[str, str | bytes] = {
        "pages/index.astro": STYLED + '{asset("../a.js")}{asset("../b.mjs")}{asset("../odd.js")}',
        "styles/site.css": sheet,
        "styles/more.css": "i  {  top: 0 }",
        "a.js": script,
        "b.mjs": 'import { x } from "./x.js"\n\nexport const y = x\n',
        "odd.js": 'let x = "</script>"  //\n',
        "public/own.css": "p  { top: 0 }",
    }
    root = write(files)
    compiled(root)
    assert (
        root / "build/public/_astro" / next(n for n in served(root) if n.startswith("a."))
    ).read_text() == script
    (root / "pyastro.toml").write_text("[build]\nminify = true\n")
    assert compiled(root).compiled == ["pages/index.astro"]
    made = {name.partition(".")[0]: root / "build/public/_astro" / name for name in served(root)}
    small = {name: path.read_text() for name, path in made.items()}
    more = made["more"].name
    assert small["site"] == f'/*! mine */\n@import "/_astro/{more}";p{{color:red;& b{{top:0}}}}'
    assert small["more"] == "i{top:0}"
    assert small["a"] == "const answer=1;function shown(name){return`a  ${name}`}"
    assert small["b"].startswith('import{x}from"./x.js"') and "\n" not in small["b"]
    assert small["odd"] == files["odd.js"], "its text cannot stand in an element"
    assert (root / "build/public/own.css").read_text() == files["public/own.css"]


@pytest.mark.parametrize("name", ["/etc/passwd", "../../secret", "../linked/secret", "../.hidden/x", "link"])
def test_sass_imports_nothing_from_outside(name: str, write: Write) -> None:
    pytest.importorskip("sass")
    root = write({"pages/index.astro": f'<style lang="scss">@import "{name}";</style>', ".hidden/x.scss": ""})
    outside = root.parent / "outside"
    outside.mkdir()
    for folder in (outside, root.parent):
        (folder / "secret.scss").write_text("p { color: red }")
    os.symlink(outside, root / "linked")
    os.symlink(outside / "secret.scss", root / "pages/link.scss")
    report = compile_project(root / "pages", root / "build")
    assert [str(each) for each in report.diagnostics] == [
        f"pages/index.astro:1:28: error: Sass: There is no file `{name}`. [sass-syntax]"
    ]


def test_a_missing_sass_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sass", None)
    root = write(
        {
            "pages/index.astro": '<style lang="scss">p { top: 0 }</style>\n<style is:global src="../a.scss"></style>',
            "a.scss": "",
        }
    )
    report = compile_project(root / "pages", root / "build")
    assert [(d.path, d.line, d.code) for d in report.diagnostics] == [
        ("a.scss", 1, "sass-package"),
        ("pages/index.astro", 1, "sass-package"),
    ]
    assert sorted({each.code for each in report.diagnostics}) == ["sass-package"]
    assert report.diagnostics[0].hint == "Install it: `pip install 'pyastro-web[sass]'`."


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("../../secret.png", "outside"),
        ("/etc/passwd", "outside"),
        ("..\\..\\secret.png", "outside"),
        ("../images/../../secret.png", "outside"),
        ("../.env", "refused"),
        ("../.git/config", "refused"),
        ("../lib/words.py", "refused"),
        ("index.astro", "refused"),
        ("../images/nothing.png", "missing"),
        ("../images", "missing"),
        ("../images/out.png", "outside"),
        ("../linked/secret.png", "outside"),
        ("a\0b", "outside"),
    ],
)
def test_what_is_not_the_sites_to_give_is_refused(path: str, kind: str, write: Write) -> None:
    root = write({"pages/index.astro": "", "lib/words.py": "", ".env": "", "images/logo.png": PNG})
    outside = root.parent / "outside"
    outside.mkdir()
    for folder in (outside, root.parent):
        (folder / "secret.png").write_bytes(PNG)
    os.symlink(outside / "secret.png", root / "images/out.png")
    os.symlink(outside, root / "linked")
    assets = Assets(root)
    assert assets.find("pages/index.astro", path).kind == kind
    assert assets.files == {}


def test_a_file_name_breaks_out_of_nothing(write: Write) -> None:
    name = "a\"'><script>`${x}</style>&#).png".replace("/", "")
    root = write(
        {"pages/index.astro": f"<img src={{asset({f'../images/{name}'!r})}}>", f"images/{name}": PNG}
    )
    compiled(root)
    (found,) = served(root)
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
    assert text_of(answer(root, "/")) == f'<!DOCTYPE html>\n<img src="/_astro/{found}">'


# ---------------------------------------------------------------- reading files


@pytest.mark.parametrize(
    ("format", "data", "size"),
    [
        ("png", PNG, (120, 40)),
        ("gif", b"GIF89a" + struct.pack("<HH", 7, 9), (7, 9)),
        ("jpg", b"\xff\xd8\xff\xe0\0\4ab\xff\xff\xc2\0\x11\x08" + struct.pack(">HH", 30, 50), (50, 30)),
        ("webp", b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x63\0\0\x31\0\0", (100, 50)),
        ("webp", b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0/" + struct.pack("<I", 99 | 49 << 14) + bytes(6), (100, 50)),
        ("webp", b"RIFF\0\0\0\0WEBPVP8 " + bytes(10) + struct.pack("<HH", 100, 50), (100, 50)),
        ("svg", b'<?xml version="1.0"?><svg width="10px" height=\'5\'>', (10, 5)),
        ("svg", b'<svg width="100%" viewBox="0 0 30 20">', (30, 20)),
        ("svg", b"<svg>", None),
        ("png", b"GIF89a", None),
        ("jpg", b"\xff\xd8\xff", None),
        ("webp", b"RIFF", None),
        ("txt", b"hello", None),
    ],
)
def test_the_size_of_an_image(format: str, data: bytes, size: tuple[int, int] | None) -> None:
    assert image_size(data, format) == size


@pytest.mark.parametrize(
    ("css", "paths"),
    [
        ("a { b: url(x.png) }", ["x.png"]),
        ("a { b: URL( 'x y.png' ) }", ["x y.png"]),
        ("@import 'a.css'; @import url(b.css) print; @IMPORT \"c.css\";", ["a.css", "b.css", "c.css"]),
        ("/* url(x.png) */ a { content: 'url(x.png)' }", []),
        ("a { b: url(data:x) url(//x/y) url(/x) url(#x) url(https:x) url() url(?x) }", []),
        ("@font-face { src: url(a.woff2) format('woff2'), url('b.woff') }", ["a.woff2", "b.woff"]),
        ("@media print { a { b: image-set(url(x.png) 1x) } }", ["x.png"]),
        ("a{b:url(x.png", []),
        ("é😀 { b: url(x.png) }\r\nb { c: url(y.png) }\n\fc { d: url(z.png) }", ["x.png", "y.png", "z.png"]),
    ],
)
def test_the_files_that_a_style_sheet_names(css: str, paths: list[str]) -> None:
    found = references(css)
    assert [each.path for each in found] == paths
    for each in found:
        assert each.path in css[each.start : each.end]
