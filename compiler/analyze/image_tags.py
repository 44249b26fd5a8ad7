"""`<Image>` and `<Picture>` of `pyastro.assets` as components: the compiler knows them without reading them."""

from collections.abc import Mapping

from pyastro.compiler.analyze.interface import Interface, Prop
from pyastro.compiler.analyze.tags import ImportedTag

PACKAGE = "pyastro.assets"
RECIPE = "recipe"
"""The prop by which a tag says what is made of its image."""
INTERFACES: Mapping[str, Interface] = {
    "Image": Interface(
        f"{PACKAGE}.Image", (Prop("src", True), Prop("alt", False), Prop(RECIPE, False)), takes_attrs=True
    ),
    "Picture": Interface(
        f"{PACKAGE}.Picture",
        (Prop("src", True), Prop("alt", False), Prop("picture_attributes", False), Prop(RECIPE, False)),
        takes_attrs=True,
    ),
}
"""That `alt` is missing is told with the images."""


def image_kind(tag: ImportedTag) -> str | None:
    """`Image` or `Picture`, if an imported tag is that."""
    full = ".".join(filter(None, [tag.module, tag.name, tag.member])) if not tag.level else ""
    package, _, name = full.rpartition(".")
    return name if package == PACKAGE and name in INTERFACES else None


def image_interface(tag: ImportedTag) -> Interface | None:
    """The interface of a tag that is one of them."""
    kind = image_kind(tag)
    return None if kind is None else INTERFACES[kind]
