"""What the shop sells."""

from dataclasses import dataclass

from .db import database

KINDS = {"cups": "Cups & pots", "table": "For the table", "home": "For the house"}


@dataclass(frozen=True)
class Product:
    """A piece that can be bought."""

    id: str
    name: str
    kind: str
    pence: int
    weeks: int
    """How long it takes to make; 0 for what stands on the shelf."""
    glaze: str
    """The colour of its glaze, for CSS."""
    summary: str
    story: str
    size: str

    @property
    def image(self) -> str:
        """The path of its picture."""
        return f"/images/{self.id}.svg"

    @property
    def availability(self) -> str:
        """When it can be had."""
        return f"Made for you in {self.weeks} weeks" if self.weeks else "Ready to post"


def find_product(product_id: str | None) -> Product | None:
    """The product with this id, or None."""
    rows = database.rows("SELECT * FROM products WHERE id = ?", product_id)
    return Product(**rows[0]) if rows else None


def list_products(kind: str = "") -> list[Product]:
    """The products of a kind, or all of them."""
    rows = database.rows("SELECT * FROM products WHERE ? IN ('', kind) ORDER BY rowid", kind)
    return [Product(**row) for row in rows]
