"""What the pages show: the same for every contestant, in every run, on every machine."""

from dataclasses import dataclass
from typing import Any, TypedDict

_WORDS = (
    "amber basalt cedar dune ember fjord grove harbor iris juniper kelp linen maple north opal pine".split()
)
_MARKS = ("Tom & Jerry", "a < b > c", '"quoted"', "it's", "plain text", "<script>alert(1)</script>")


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the shop's navigation."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Product:
    """What one card of the shop shows."""

    number: int
    slug: str
    name: str
    description: str
    tags: tuple[str, ...]
    price: float
    old_price: float | None
    discount: int
    is_new: bool
    is_featured: bool
    stock: int


class Guide(TypedDict):
    """What changes in a page that hardly changes."""

    title: str
    author: str
    user: str
    edition: int


def make_table(rows: int, columns: int = 10) -> list[list[int]]:
    """Rows of small numbers."""
    return [[(row * 31 + column * 7) % 1000 for column in range(columns)] for row in range(rows)]


def make_texts(count: int) -> list[str]:
    """Lines of text of which most hold characters that HTML must not see."""
    return [
        f"{number}: {_MARKS[number % 6]}, {_word(number)} and {_MARKS[number % 5]}" for number in range(count)
    ]


def make_links() -> list[Link]:
    """The shop's navigation."""
    return [Link(word.capitalize(), f"/{word}/", number == 1) for number, word in enumerate(_WORDS[:5])]


def make_products(count: int) -> list[Product]:
    """Products of which some are new, reduced, sold out or featured."""
    return [_product(number) for number in range(1, count + 1)]


def _product(number: int) -> Product:
    price = 4.5 + number * 37 % 90
    discount = (0, 0, 10, 25)[number % 4]
    return Product(
        number=number,
        slug=f"{_word(number)}-{_word(number * 5 + 1)}-{number}",
        name=f"{_word(number).capitalize()} & {_word(number * 5 + 1)} No. {number}",
        description=f"A {_word(number * 7)} of {_word(number * 3 + 2)}, made by hand for {_word(number * 11)} and rain.",
        tags=tuple(_word(number + step) for step in range(number % 4)),
        price=round(price * (100 - discount) / 100, 2),
        old_price=price if discount else None,
        discount=discount,
        is_new=number % 3 == 0,
        is_featured=number % 10 == 0,
        stock=number * 13 % 7,
    )


def _word(number: int) -> str:
    return _WORDS[number % len(_WORDS)]


NAME = "Ada Lovelace"
TABLE = make_table(1000)
TEXTS = make_texts(500)
LINKS = make_links()
PRODUCTS = make_products(100)
GUIDE: Guide = {"title": "Stone & Water", "author": "Grace O'Hara", "user": NAME, "edition": 4}


@dataclass(frozen=True)
class Data:
    """All that the pages show."""

    name: str
    table: list[list[int]]
    texts: list[str]
    links: list[Link]
    products: list[Product]
    guide: Guide

    def props(self, page: str) -> dict[str, Any]:
        """What one page is given, by the names that every contestant uses."""
        names = {
            "hello": ("name",),
            "table": ("table",),
            "escape": ("texts",),
            "cards": ("links", "products"),
        }
        return dict(self.guide) if page == "static" else {name: getattr(self, name) for name in names[page]}


PAGES = ("table", "escape", "cards", "static", "hello")
FULL = Data(NAME, TABLE, TEXTS, LINKS, PRODUCTS, GUIDE)
