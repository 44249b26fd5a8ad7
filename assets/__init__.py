"""Images of a site: `<Image>` and `<Picture>`, which show an asset in the sizes and formats that were made of it."""

from pyastro.assets import image as Image  # noqa: N812  # the names of tags
from pyastro.assets import picture as Picture  # noqa: N812
from pyastro.runtime.asset import Asset

__all__ = ["Asset", "Image", "Picture"]
