"""The attributes of an `<img>`: what is known of an image, and what the tag says besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyastro.runtime.asset import Asset, Rendition
from pyastro.runtime.astro import AstroProps
from pyastro.runtime.component import PropError

_READ = frozenset(
    """densities fallback_format format formats height layout priority quality sizes width widths""".split()
)
"""What is not written as it is given: the options, and what the image decides, too."""


def rendition_of(tag: str, src: object, props: Mapping[str, Any], recipe: str) -> Rendition:
    """What is shown. Raises PropError where there is too little to show it."""
    if isinstance(src, Asset):
        found = src.renditions.get(recipe)
        if found is not None:
            return found
        width, height = props.get("width", src.width), props.get("height", src.height)
    elif isinstance(src, str):
        width, height = props.get("width"), props.get("height")
    else:
        raise PropError(f"<{tag}> shows an asset or an address, not {type(src).__name__}")
    if width is None or height is None:
        raise PropError(f"<{tag}> needs width and height for {str(src)!r}, whose size is not known")
    return Rendition(src if isinstance(src, str) else src.src, width, height)


def image_attributes(
    tag: str, shown: Rendition, alt: object, props: Mapping[str, Any]
) -> tuple[dict[str, Any], AstroProps]:
    """The attributes that every image has, and those that the tag gives besides, which win.

    Raises PropError where `alt` is no text.
    """
    if not isinstance(alt, str):
        raise PropError(f"<{tag}> needs alt: what the image shows, or '' where it is decoration")
    is_urgent = bool(props.get("priority"))
    known: dict[str, Any] = {
        "src": shown.src,
        "srcset": shown.srcset or None,
        "sizes": sizes(shown.srcset, shown, props),
        "alt": alt,
        "width": shown.width,
        "height": shown.height,
        "loading": "eager" if is_urgent else "lazy",
        "decoding": "sync" if is_urgent else "async",
        "fetchpriority": "high" if is_urgent else None,
    }
    return known, AstroProps({name: value for name, value in props.items() if name not in _READ})


def sizes(srcset: str, shown: Rendition, props: Mapping[str, Any]) -> Any:
    """`sizes` for a `srcset`, which means something beside widths alone (HTML 4.8.4.2.2)."""
    return props.get("sizes", shown.sizes) or None if srcset.endswith("w") else None
