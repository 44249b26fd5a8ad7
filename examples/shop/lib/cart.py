"""What a visitor is about to buy. The session keeps it as a dict: how many of which product id."""

from collections.abc import Iterable
from dataclasses import dataclass

from .products import Product, find_product

MOST = 12


@dataclass(frozen=True)
class Line:
    """A product in the cart, and how many of it."""

    product: Product
    quantity: int

    @property
    def pence(self) -> int:
        """What the line costs."""
        return self.product.pence * self.quantity


def with_quantity(cart: dict[str, int], product_id: str, quantity: int) -> dict[str, int]:
    """The cart with so many of a product, within what we pack into one parcel; without it for 0."""
    changed = {**cart, product_id: min(quantity, MOST)}
    return {key: count for key, count in changed.items() if count > 0}


def read_quantity(text: object) -> int:
    """The number that a form holds; 1 where it holds none."""
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 4 else 1


def lines_of(cart: dict[str, int]) -> list[Line]:
    """The cart's lines, without products that are no longer sold."""
    found = [(find_product(product_id), quantity) for product_id, quantity in cart.items()]
    return [Line(product, quantity) for product, quantity in found if product]


def total(lines: Iterable[Line]) -> int:
    """What the lines cost together, in pence."""
    return sum(line.pence for line in lines)
