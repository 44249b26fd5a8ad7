"""`<Picture>`: an image in several formats, of which the browser takes the first that it knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyastro.assets.attributes import image_attributes, rendition_of, sizes
from pyastro.runtime.asset import Asset
from pyastro.runtime.attributes import attributes
from pyastro.runtime.component import component
from pyastro.runtime.context import Context
from pyastro.runtime.slots import Write

__all__ = ["render"]


@component(slots=())
def render(
    write: Write,
    context: Context,
    /,
    *,
    src: Asset | str,
    alt: str,
    picture_attributes: Mapping[str, Any] | None = None,
    recipe: str = "",
    **attrs: Any,
) -> None:
    """Write `<picture>` around `<source>` elements and an `<img>`, which has the other props as its attributes.

    Raises PropError where the size is not known.
    """
    shown = rendition_of("Picture", src, attrs, recipe)
    own = attributes(context, *image_attributes("Picture", shown, alt, attrs))
    write(f"<picture{attributes(context, picture_attributes)}>")
    for type_, srcset in shown.sources:
        source = {"type": type_, "srcset": srcset, "sizes": sizes(srcset, shown, attrs)}
        write(f"<source{attributes(context, source)}>")
    write(f"<img{own}></picture>")
