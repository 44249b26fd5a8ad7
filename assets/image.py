"""`<Image>`: one `<img>`, in the best of sizes for each visitor."""

from __future__ import annotations

from typing import Any

from pyastro.assets.attributes import image_attributes, rendition_of
from pyastro.runtime.asset import Asset
from pyastro.runtime.attributes import attributes
from pyastro.runtime.component import component
from pyastro.runtime.context import Context
from pyastro.runtime.slots import Write

__all__ = ["render"]


@component(slots=())
def render(
    write: Write, context: Context, /, *, src: Asset | str, alt: str, recipe: str = "", **attrs: Any
) -> None:
    """Write `<img>` for an asset, or for an address with `width` and `height`; other props are attributes of it.

    Raises PropError where the size is not known.
    """
    shown = rendition_of("Image", src, attrs, recipe)
    write(f"<img{attributes(context, *image_attributes('Image', shown, alt, attrs))}>")
