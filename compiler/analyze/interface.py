"""What other components may know of a component."""

from typing import Any, NamedTuple


class Prop(NamedTuple):
    """One declared prop: its Python name, and whether every caller must give it."""

    name: str
    is_required: bool


class Interface(NamedTuple):
    """The part of a component that its importers depend on: when it changes, they are compiled again."""

    path: str
    props: tuple[Prop, ...] | None = None
    """None: anything may be passed."""
    takes_attrs: bool = False
    """Does it use `Astro.attrs`, so that undeclared props are taken?"""
    slots: tuple[str, ...] | None = ()
    """The slots that it declares; None where it may ask for any."""
    has_style: bool = False
    """Does it bring a style sheet?"""
    sheets: tuple[str, ...] = ()
    """The style sheets that it names, as paths from its own file."""
    waits: bool = False
    """Is its render a coroutine? Its own file says so, or a component that it uses does."""
    wants_spelling: bool = False
    """Does it ask how its caller spells the props that have several spellings?"""
    leaf: str = ""
    """The text of a component that its callers may write by themselves; see `leaf_text`."""
    hash: str = ""
    """Of a leaf: the beginning of the SHA-256 of its source, as line maps have it."""

    def to_json(self) -> dict[str, Any]:
        """The same as JSON."""
        props = self.props
        return {
            "path": self.path,
            "props": (
                None if props is None else [{"name": p.name, "is_required": p.is_required} for p in props]
            ),
            "takes_attrs": self.takes_attrs,
            "slots": self.slots,
            "has_style": self.has_style,
            "sheets": self.sheets,
            "waits": self.waits,
            "wants_spelling": self.wants_spelling,
            **({"leaf": self.leaf, "hash": self.hash} if self.leaf else {}),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Interface":
        """The opposite of `to_json`."""
        props = data["props"]
        slots = data["slots"]
        return cls(
            path=data["path"],
            props=None if props is None else tuple(Prop(p["name"], p["is_required"]) for p in props),
            takes_attrs=data["takes_attrs"],
            slots=None if slots is None else tuple(slots),
            has_style=data["has_style"],
            sheets=tuple(data["sheets"]),
            waits=data["waits"],
            wants_spelling=data["wants_spelling"],
            leaf=data.get("leaf", ""),
            hash=data.get("hash", ""),
        )
