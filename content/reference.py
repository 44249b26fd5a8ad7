"""A field that names an entry of another collection."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from pyastro.content.collection import Entry

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reference(Generic[T]):
    """The id of an entry, and how to get it. In a schema: `author: Annotated[Reference[Author], authors]`."""

    id: str
    collection: object

    async def entry(self) -> "Entry[T]":
        """The entry. It was there when the collection was read."""
        from pyastro.content.collection import Collection

        assert isinstance(self.collection, Collection)
        return await self.collection.entry(self.id)
