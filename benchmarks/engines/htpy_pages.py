"""htpy: elements as Python objects, components as functions."""

from importlib.metadata import version

import htpy as h
from markupsafe import Markup

from benchmarks.contestants import Synchronous
from benchmarks.data import Data, Link, Product
from benchmarks.static_page import static_source


def load(data: Data) -> Synchronous:
    """Every page is built and then made text."""
    pages = {
        "table": lambda: str(_table(data.table)),
        "escape": lambda: str(_escape(data.texts)),
        "cards": lambda: str(_cards(data.links, data.products)),
        "static": lambda: str(_static(dict(data.guide))),
        "hello": lambda: str(_hello(data.name)),
    }
    return Synchronous("htpy", version("htpy"), pages)


def _table(table: list[list[int]]) -> h.Renderable:
    return h.html[h.body[h.table[h.tbody[(h.tr[(h.td[cell] for cell in row)] for row in table)]]]]


def _escape(texts: list[str]) -> h.Renderable:
    return h.html[h.body[h.ul[(h.li(title=text)[text] for text in texts)]]]


def _hello(name: str) -> h.Renderable:
    return h.html(lang="en")[
        h.head[h.meta(charset="utf-8"), h.title["Hello"]], h.body[h.h1["Hello, ", name, "!"]]
    ]


_PIECES = static_source("\0{}\0".format).split("\0")
_STATIC = [Markup(piece) if number % 2 == 0 else piece for number, piece in enumerate(_PIECES)]


def _static(guide: dict[str, object]) -> h.Renderable:
    pieces = (piece if isinstance(piece, Markup) else str(guide[piece]) for piece in _STATIC)
    return h.fragment[Markup("<!DOCTYPE html>\n"), pieces]


# ---------------------------------------------------------------- the shop


def _cards(links: list[Link], products: list[Product]) -> h.Renderable:
    return _layout(
        title="Shop",
        links=links,
        children=_grid(columns=4, dense=True, children=[_product(product) for product in products]),
        footer=h.p[len(products), " products"],
    )


def _product(product: Product) -> h.Renderable:
    return _card(
        product=product,
        badges=[
            _badge(kind="new", children="New") if product.is_new else None,
            (
                _badge(kind="sale", strong=product.discount > 20, children=f"{product.discount}% off")
                if product.discount > 0
                else None
            ),
        ],
        children=[
            h.p[product.description],
            h.ul(".tags")[(h.li[tag] for tag in product.tags)],
        ],
        footer=[
            _price(amount=product.price, was=product.old_price),
            _button(
                product=product.number,
                label=f"Add {product.name} to the basket",
                primary=product.is_featured,
                disabled=not product.stock,
                children="Add to basket",
            ),
        ],
    )


def _layout(*, title: str, links: list[Link], children: h.Node, footer: h.Node) -> h.Renderable:
    return h.html(lang="en")[
        h.head[
            h.meta(charset="utf-8"),
            h.title[title],
            h.link(rel="stylesheet", href="/shop.css"),
        ],
        h.body[
            h.header(".top")[
                h.a(".home", href="/")["Shop"],
                h.nav[
                    (
                        h.a(href=each.href, aria_current="page" if each.is_current else None)[each.label]
                        for each in links
                    )
                ],
            ],
            h.main[children],
            h.footer(".bottom")[footer],
        ],
    ]


def _grid(*, columns: int, dense: bool, children: h.Node) -> h.Renderable:
    return h.section(class_=["grid", f"grid-{columns}", {"grid-dense": dense}])[children]


def _card(*, product: Product, badges: h.Node, children: h.Node, footer: h.Node) -> h.Renderable:
    return h.article(
        id=f"product-{product.number}",
        class_=["card", {"card-featured": product.is_featured, "card-sold-out": not product.stock}],
    )[
        h.header[
            h.img(
                src=f"/images/{product.slug}.jpg", alt=product.name, width="320", height="240", loading="lazy"
            ),
            badges,
            h.h2[h.a(href=f"/products/{product.slug}")[product.name]],
        ],
        h.div(".card-body")[children],
        h.footer[footer],
    ]


def _badge(*, kind: str, strong: bool = False, children: h.Node) -> h.Renderable:
    return h.span(class_=["badge", f"badge-{kind}", {"badge-strong": strong}])[children]


def _price(*, amount: float, was: float | None) -> h.Renderable:
    return h.p(".price")[h.strong[f"EUR {amount:.2f}"], None if was is None else h.s[f"EUR {was:.2f}"]]


def _button(*, product: int, label: str, primary: bool, disabled: bool, children: h.Node) -> h.Renderable:
    return h.button(
        type="button",
        class_=["button", {"button-primary": primary}],
        data_product=product,
        aria_label=label,
        disabled=disabled,
    )[children]
