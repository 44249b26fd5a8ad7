"""Making the files of images, through Pillow, which is loaded only where there is something to make."""

import os
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from pyastro.compiler.project.image_plan import Picture, Variant
from pyastro.compiler.project.libraries import installed

if TYPE_CHECKING:
    from PIL import Image

_READ = ("JPEG", "PNG", "WEBP")
"""The only decoders that an image meets, whatever else Pillow has."""
MOST_PIXELS = 89_478_485
"""What Pillow takes without a warning: a small file may say that it is huge, to fill the memory of who opens it."""
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "avif": {"format": "AVIF", "speed": 6, "max_threads": 1},
    "jpg": {"format": "JPEG", "optimize": True, "progressive": True},
    "png": {"format": "PNG", "optimize": True},
    "webp": {"format": "WEBP", "method": 4},
}


def pillow() -> str | None:
    """The version of Pillow; None where it is not installed."""
    return installed().get("pillow", "pillow") if find_spec("PIL") is not None else None


class Job(NamedTuple):
    """The files to make of one image."""

    picture: Picture
    data: bytes
    variants: tuple[Variant, ...]


class Made(NamedTuple):
    """The files by their names; or why there are none."""

    job: Job
    files: Mapping[str, bytes]
    problem: str | None = None


def make(jobs: Sequence[Job]) -> Iterator[Made]:
    """Do all jobs, one on each core: Pillow lets other threads run while it works."""
    if not jobs:
        return
    from concurrent.futures import ThreadPoolExecutor

    import PIL.Image  # the threads find it loaded
    import PIL.ImageCms
    import PIL.ImageOps  # noqa: F401

    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        yield from pool.map(_make, jobs if len(jobs) >= cores else _in_parts(jobs, cores))


def _in_parts(jobs: Sequence[Job], number: int) -> Iterator[Job]:
    """The same in more jobs: to read an image twice takes less time than to write the half of what is made of it."""
    for job in jobs:
        parts = (job.variants[first::number] for first in range(number))
        yield from (job._replace(variants=part) for part in parts if part)


def _make(job: Job) -> Made:
    pixels = job.picture.width * job.picture.height
    if pixels > MOST_PIXELS:
        return Made(job, {}, f"it has {pixels:,} pixels, more than {MOST_PIXELS:,}")
    try:
        with _opened(job.data) as image:
            return Made(job, {each.name: _encoded(image, each) for each in job.variants})
    except Exception as error:  # there is no list of what decoders raise for damaged files
        return Made(job, {}, str(error).rstrip(".") or type(error).__name__)


def _opened(data: bytes) -> "Image.Image":
    """The image as it is to be seen: turned as its camera says, in sRGB, without metadata."""
    from PIL import Image, ImageOps

    image = Image.open(BytesIO(data), formats=_READ)
    image.load()
    turned = ImageOps.exif_transpose(image)
    flat = _in_srgb(_in_eight_bits(turned))
    flat.info.clear()
    return flat


def _in_eight_bits(image: "Image.Image") -> "Image.Image":
    """Of a grey image with more than eight bits, the upper eight."""
    if not image.mode.startswith("I"):
        return image
    grey = image.convert("I").point(lambda value: value / 256).convert("L")
    grey.info = dict(image.info)
    return grey


def _in_srgb(image: "Image.Image") -> "Image.Image":
    """The image in the color space that browsers take for granted, with an alpha channel where it has one."""
    from PIL import ImageCms

    profile, has_alpha = image.info.get("icc_profile"), image.has_transparency_data
    plain = image.convert("RGBA" if has_alpha else "RGB")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return plain
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        alpha = plain.getchannel("A") if has_alpha else None
        source = image if image.mode == "CMYK" else plain.convert("RGB")
        flat = ImageCms.profileToProfile(source, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return plain  # the profile is of no use
    assert flat is not None
    if alpha is not None:
        flat.putalpha(alpha)
    return flat


def _encoded(image: "Image.Image", variant: Variant) -> bytes:
    from PIL import ImageOps

    size = variant.width, variant.height
    scaled = image if image.size == size else ImageOps.fit(image, size, 1, centering=(0.5, 0.5))
    if variant.format == "jpg":
        scaled = _on_white(scaled)
    options = dict(_OPTIONS[variant.format])
    if variant.quality is not None:
        options["quality"] = variant.quality
    file = BytesIO()
    scaled.save(file, **options)
    return file.getvalue()


def _on_white(image: "Image.Image") -> "Image.Image":
    """JPEG knows no transparency."""
    from PIL import Image

    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white
