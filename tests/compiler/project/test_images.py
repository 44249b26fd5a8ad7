import asyncio
import struct
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from pyastro.compiler.images import Recipe
from pyastro.compiler.project import Report, compile_project, image_files
from pyastro.compiler.project.image_plan import Picture, Planner
from pyastro.compiler.project.image_size import image_size, is_kept
from pyastro.runtime import Request
from pyastro.runtime.site import Site
from pyastro.testing import Document, parse_html
from tests.runtime.site_builds import text_of

Write = Callable[[Mapping[str, str | bytes]], Path]

PAGE = """---
from pyastro.assets import Image
---
<Image src={asset("../images/photo.jpg")} alt="A photo" width={400} />
"""


def photo(
    size: tuple[int, int] = (1000, 500), format: str = "JPEG", mode: str = "RGB", **options: Any
) -> bytes:
    """An image that is red on its left and blue on its right."""
    pil = pytest.importorskip("PIL.Image")
    image = pil.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    file = BytesIO()
    image.convert(mode).save(file, format, **options)
    return file.getvalue()


def compiled(root: Path) -> Report:
    report = compile_project(root / "pages", root / "build")
    assert report.is_successful, report.diagnostics
    return report


def codes(root: Path) -> list[str]:
    report = compile_project(root / "pages", root / "build")
    return [each.code for each in [*report.diagnostics, *report.warnings]]


def page(root: Path, path: str = "/") -> Document:
    response = asyncio.run(Site.load(root / "build").handle(Request("GET", f"http://localhost{path}")))
    assert response.status == 200
    return parse_html(text_of(response))


def files(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((root / "build/public/_astro").iterdir())}


def opened(root: Path, url: str) -> Any:
    from PIL import Image

    image = Image.open(root / "build/public" / url.removeprefix("/"))
    image.load()
    return image


# ---------------------------------------------------------------- what the page says


def test_an_image_is_offered_in_several_widths(write: Write) -> None:
    root = write({"pages/index.astro": PAGE, "images/photo.jpg": photo()})
    assert not compiled(root).warnings
    image = page(root).one("img")
    assert (image["alt"], image["width"], image["height"]) == ("A photo", "400", "200")
    assert (image["loading"], image["decoding"]) == ("lazy", "async")
    assert image["sizes"] == "(min-width: 400px) 400px, 100vw"
    offered = dict(reversed(each.split(" ")) for each in image["srcset"].split(", "))
    assert list(offered) == ["400w", "640w", "750w", "800w"]
    assert offered["400w"] == image["src"]
    for width, url in offered.items():
        copy = opened(root, url)
        assert copy.format == "WEBP"
        assert copy.size == (int(width[:-1]), int(width[:-1]) // 2)
    assert len(files(root)) == 4, "the original is not served"


def test_a_picture_offers_formats_and_falls_back_to_its_own(write: Write) -> None:
    tag = '<Picture src={photo} alt="" formats={["avif", "webp"]} widths={[100, 4000]} sizes="50vw" class="x" />'
    text = f'---\nfrom pyastro.assets import Picture\nphoto = asset("../images/photo.jpg")\n---\n{tag}'
    root = write({"pages/index.astro": text, "images/photo.jpg": photo()})
    compiled(root)
    document = page(root)
    sources = document.select("picture > source")
    assert [each["type"] for each in sources] == ["image/avif", "image/webp"]
    for source, format in zip(sources, ("AVIF", "WEBP"), strict=True):
        offered = dict(reversed(each.split(" ")) for each in source["srcset"].split(", "))
        assert list(offered) == ["100w", "1000w"], "nothing is made larger than it is"
        assert source["sizes"] == "50vw"
        assert [opened(root, url).format for url in offered.values()] == [format] * 2
    image = document.one("picture > img.x")
    assert opened(root, str(image["src"])).format == "JPEG"
    assert not image.get("srcset") and not image.get("sizes")


def test_an_image_that_is_handed_on_is_made_for_all_tags_that_may_show_it(write: Write) -> None:
    thumb = "---\nfrom pyastro.assets import Asset, Image\nclass Props:\n    image: Asset\n---\n{}\n"
    named = '<Thumb image={asset("../images/photo.jpg")} />'
    root = write(
        {
            "components/Thumb.astro": thumb.format('<Image src={image} alt="" width={50} layout="fixed" />'),
            "pages/index.astro": f"---\nfrom ..components import Thumb\n---\n{named}",
            "images/photo.jpg": photo(),
        }
    )
    compiled(root)
    assert [each.split(" ")[1] for each in page(root).one("img")["srcset"].split(", ")] == [
        "50w",
        "100w",
    ]
    assert sorted(opened(root, f"/_astro/{name}").size for name in files(root)) == [
        (50, 25),
        (100, 50),
        (1000, 500),
    ]
    (root / "components/Thumb.astro").write_text(
        thumb.format('<Image src={image} alt="" width={60} layout="none" />')
    )
    assert sorted(compiled(root).compiled) == ["components/Thumb.astro", "pages/index.astro"]
    assert page(root).one("img")["width"] == "60"
    assert sorted(opened(root, f"/_astro/{name}").size for name in files(root)) == [(60, 30), (1000, 500)]


def test_an_image_in_a_slot_is_made_as_its_tag_says(write: Write) -> None:
    tag = '<Image src={asset("../images/dot.svg")} alt="" width={20} />'
    named = tag.replace("/>", 'slot="side" />')
    imports = "---\nfrom pyastro.assets import Image\nfrom ..components import Box\n---\n"
    root = write(
        {
            "components/Box.astro": '<div><slot /><slot name="side" /></div>',
            "pages/index.astro": f"{imports}<Box>{tag}{{1 and {tag}}}{named}</Box>",
            "images/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>',
        }
    )
    compiled(root)
    images = page(root).select("img")
    assert [(each["width"], each["height"]) for each in images] == [("20", "10")] * 3


@pytest.mark.parametrize(
    ("recipe", "widths", "shown"),
    [
        (Recipe(), [640, 750, 828, 1000], (1000, 500)),
        (Recipe(width=300), [300, 600], (300, 150)),
        (Recipe(height=100), [200, 400], (200, 100)),
        (Recipe(width=2000), [640, 750, 828, 1000], (2000, 1000)),
        (Recipe(width=100, height=100), [100, 200], (100, 100)),
        (Recipe(width=900, height=900), [500], (900, 900)),
        (Recipe(width=300, layout="fixed"), [300, 600], (300, 150)),
        (Recipe(width=300, layout="none"), [300], (300, 150)),
        (Recipe(layout="full-width"), [640, 750, 828, 1000], (1000, 500)),
        (Recipe(width=300, densities=(1.5, 4)), [300, 450], (300, 150)),
        (Recipe(width=3000, densities=(2,)), [1000], (3000, 1500)),
        (Recipe(width=1, height=3000), [1], (1, 3000)),
    ],
    ids=lambda value: value.key if isinstance(value, Recipe) else None,
)
def test_what_is_made(recipe: Recipe, widths: list[int], shown: tuple[int, int]) -> None:
    plan = Planner(Picture("a.jpg", "digest", "a", 1000, 500, "jpg"), recipe, "/_astro/", "1").plan()
    made = sorted({each.width for each in plan.variants})
    assert (made, (plan.rendition.width, plan.rendition.height)) == (widths, shown)
    assert all(each.width <= 1000 and each.height <= 500 for each in plan.variants)


# ---------------------------------------------------------------- the files


def test_copies_are_turned_and_tell_nothing(write: Write) -> None:
    pil = pytest.importorskip("PIL.Image")
    exif = pil.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    exif[0x010E] = "a secret place"
    data = photo(exif=exif)
    for name, format in (("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")):
        image = photo(format=format, exif=exif)
        assert image_size(image, name[2:]) == (500, 1000)
    tag = '<Image src={asset("../images/photo.jpg")} alt="" layout="none" format="png" />'
    root = write({"pages/index.astro": f"{PAGE}{tag}", "images/photo.jpg": data})
    compiled(root)
    assert b"secret" in data
    assert not any(b"secret" in each for each in files(root).values())
    image = page(root).select("img")[1]
    assert (image["width"], image["height"]) == ("500", "1000")
    copy = opened(root, str(image["src"]))
    assert copy.size == (500, 1000) and not copy.getexif()
    assert copy.getpixel((250, 10))[0] > 200 and copy.getpixel((250, 990))[2] > 200


@pytest.mark.parametrize(
    ("mode", "format"),
    [("P", "PNG"), ("LA", "PNG"), ("I;16", "PNG"), ("1", "PNG"), ("CMYK", "JPEG"), ("RGBA", "WEBP")],
)
def test_every_kind_of_pixel_is_read(mode: str, format: str, write: Write) -> None:
    ending = {"JPEG": "jpg"}.get(format, format.lower())
    image = photo((40, 20), format, "L" if mode == "I;16" else mode)
    if mode == "I;16":
        image = sixteen_bits()
    tag = '<Picture src={{asset("../a.{0}")}} alt="" formats={{["avif", "jpg", "png", "webp"]}} />'
    text = f"---\nfrom pyastro.assets import Picture\n---\n{tag.format(ending)}"
    root = write({"pages/index.astro": text, f"a.{ending}": image})
    compiled(root)
    for source in page(root).select("source"):
        copy = opened(root, str(source["srcset"])).convert("RGB")
        if mode == "I;16":
            assert abs(copy.getpixel((5, 5))[0] - 128) < 6
        assert copy.size == (40, 20)


def sixteen_bits() -> bytes:
    """A grey image of 40 times 20 pixels, with 16 bits each."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\x80\x00" * 40) * 20
    head = struct.pack(">IIBBBBB", 40, 20, 16, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_what_moves_is_shown_as_it_is(write: Write) -> None:
    pil = pytest.importorskip("PIL.Image")
    frames = [pil.new("RGB", (40, 20), color) for color in ("red", "blue")]
    for format in ("GIF", "PNG", "WEBP"):
        file = BytesIO()
        frames[0].save(file, format, save_all=True, append_images=frames[1:])
        assert is_kept(file.getvalue(), format.lower())
        text = PAGE.replace("photo.jpg", f"moving.{format.lower()}")
        root = write({"pages/index.astro": text, f"images/moving.{format.lower()}": file.getvalue()})
        compiled(root)
        image = page(root).one("img")
        assert (image["width"], image["height"], image.get("srcset")) == ("400", "200", "")
        assert list(files(root).values()) == [file.getvalue()]


def test_nothing_is_made_twice(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write({"pages/index.astro": PAGE, "images/photo.jpg": photo()})
    compiled(root)
    before, made = files(root), []
    monkeypatch.setattr(image_files, "make", lambda jobs: made.extend(jobs) or ())
    (root / "pages/index.astro").write_text(PAGE + "<p>More</p>")
    report = compiled(root)
    assert report.compiled == ["pages/index.astro"] and made == []
    assert files(root) == before
    assert compiled(root).compiled == []


def test_the_same_images_give_the_same_bytes(write: Write, tmp_path: Path) -> None:
    text = PAGE + '<Image src={asset("../images/photo.jpg")} alt="" format="avif" layout="none" />'
    root = write({"pages/index.astro": text, "images/photo.jpg": photo()})
    compiled(root)
    compile_project(root / "pages", tmp_path / "other")
    for path in (root / "build").rglob("*"):
        if path.is_file():
            assert (tmp_path / "other" / path.relative_to(root / "build")).read_bytes() == path.read_bytes()


# ---------------------------------------------------------------- what goes wrong


def test_a_damaged_image_is_told_and_the_old_build_stays(write: Write) -> None:
    root = write({"pages/index.astro": PAGE, "images/photo.jpg": photo()})
    compiled(root)
    before = files(root)
    data = photo()
    (root / "images/photo.jpg").write_bytes(data[: len(data) // 2])
    report = compile_project(root / "pages", root / "build")
    assert [each.code for each in report.diagnostics] == ["image-damaged"]
    assert report.diagnostics[0].path == "images/photo.jpg"
    assert files(root) == before


@pytest.mark.parametrize(
    "data", [b"", b"no image", b"\xff\xd8\xff\xe0", b"\xff\xd8" + b"\xff" * 50, b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_image_is_told_at_its_name(data: bytes, write: Write) -> None:
    root = write({"pages/index.astro": PAGE, "images/photo.jpg": data})
    report = compile_project(root / "pages", root / "build")
    assert [(d.code, d.path, d.line) for d in report.diagnostics] == [
        ("image-unreadable", "pages/index.astro", 4)
    ]


def test_a_bomb_is_not_opened(write: Write) -> None:
    pytest.importorskip("PIL")
    head = struct.pack(">I4sIIBBBBB", 13, b"IHDR", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + head + struct.pack(">I", zlib.crc32(head[4:]))
    text = PAGE.replace("photo.jpg", "bomb.png")
    root = write({"pages/index.astro": text, "images/bomb.png": bomb})
    report = compile_project(root / "pages", root / "build")
    assert [each.code for each in report.diagnostics] == ["image-damaged"]
    assert "900,000,000 pixels" in report.diagnostics[0].message


def test_without_pillow_the_page_has_the_image_as_it_is(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = photo()
    monkeypatch.setattr(image_files, "pillow", lambda: None)
    root = write({"pages/index.astro": PAGE, "images/photo.jpg": data})
    assert codes(root) == ["image-package"]
    image = page(root).one("img")
    assert (image["width"], image["height"], image.get("srcset")) == ("400", "200", "")
    assert list(files(root).values()) == [data]
    monkeypatch.undo()
    assert codes(root) == []
    assert len(files(root)) == 4


def test_the_size_of_what_is_elsewhere_is_asked_for_when_it_renders(write: Write) -> None:
    text = "---\nfrom pyastro.assets import Image\nurl = 'https://example.org/a.png'\n---\n<Image src={url} alt='' />"
    root = write({"pages/index.astro": text})
    compiled(root)
    site = Site.load(root / "build")
    response = asyncio.run(site.handle(Request("GET", "http://localhost/")))
    assert response.status == 500
