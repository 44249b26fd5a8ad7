"""The limit: what an expert would write by hand for each page, in synchronous Python.

One list, its bound `append`, f-strings, and the escaping of the runtime. A component is a function with keyword
arguments, a slot a local function; nothing is inlined by hand. A value that could be of any type is treated as the
language says, so that nobody is faster by doing less. Contestants are compared with this file: it does not change.
"""

# ruff: noqa: B023  # a slot runs before its loop goes on

from collections.abc import Callable, Sequence

from benchmarks.data import Guide, Link, Product
from benchmarks.static_page import static_source
from pyastro.runtime.escape import escape

Write = Callable[[str], object]
Slot = Callable[[], None]

_CURRENT = ' aria-current="page"'


def text(value: object) -> str:
    """The HTML of a value of which the type is not the expected one."""
    if isinstance(value, str):
        return escape(value)
    if value is None or value is True or value is False:
        return ""
    return escape(str(value))


# ---------------------------------------------------------------- pages without components


def hello(name: str) -> str:
    """A page of a few lines."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Hello</title></head>\n'
        f"<body><h1>Hello, {escape(name) if name.__class__ is str else text(name)}!</h1></body>\n</html>"
    )


def table(table: Sequence[Sequence[object]]) -> str:
    """A table of values."""
    out = ["<!DOCTYPE html>\n<table>\n"]
    write = out.append
    for row in table:
        write("<tr>")
        for cell in row:
            write(
                f"<td>{cell if cell.__class__ is int else escape(cell) if cell.__class__ is str else text(cell)}</td>"
            )
        write("</tr>")
    write("\n</table>")
    return "".join(out)


def escaping(texts: Sequence[str]) -> str:
    """Texts that hold what must be escaped, each in an attribute and between tags."""
    out = ["<!DOCTYPE html>\n<ul>\n"]
    write = out.append
    for each in texts:
        write(
            f'<li title="{escape(each) if each.__class__ is str else text(each)}">'
            f"{escape(each) if each.__class__ is str else text(each)}</li>"
        )
    write("\n</ul>")
    return "".join(out)


def _static() -> Callable[[str, str, str, int], str]:
    """One function of one f-string: the static page with its few values."""
    html = static_source(lambda name: f"{{escape({name}) if {name}.__class__ is str else text({name})}}")
    code = f"lambda title, author, user, edition: f'''<!DOCTYPE html>\n{html}'''"
    function: Callable[[str, str, str, int], str] = eval(code, {"escape": escape, "text": text})
    return function


_render_static = _static()


def static(guide: Guide) -> str:
    """A long page that hardly changes."""
    return _render_static(guide["title"], guide["author"], guide["user"], guide["edition"])


# ---------------------------------------------------------------- the shop, from components


def cards(links: Sequence[Link], products: Sequence[Product]) -> str:
    """The shop's page."""
    out = ["<!DOCTYPE html>\n"]
    write = out.append

    def layout_footer() -> None:
        write(f"<p>{len(products)} products</p>")

    def layout_default() -> None:
        write("\n")

        def grid_default() -> None:
            write("\n")
            for product in products:

                def card_badges() -> None:
                    if product.is_new:

                        def new_default() -> None:
                            write("New")

                        _badge(write, kind="new", default=new_default)
                    if product.discount > 0:

                        def sale_default() -> None:
                            discount = product.discount
                            write(f"{discount if discount.__class__ is int else text(discount)}% off")

                        _badge(write, kind="sale", strong=product.discount > 20, default=sale_default)

                def card_default() -> None:
                    about = product.description
                    write(
                        f"\n  <p>{escape(about) if about.__class__ is str else text(about)}</p>\n"
                        '  <ul class="tags">'
                    )
                    for tag in product.tags:
                        write(f"<li>{escape(tag) if tag.__class__ is str else text(tag)}</li>")
                    write("</ul>\n")

                def card_footer() -> None:
                    _price(write, amount=product.price, was=product.old_price)

                    def button_default() -> None:
                        write("Add to basket")

                    _button(
                        write,
                        product=product.number,
                        label=f"Add {product.name} to the basket",
                        primary=product.is_featured,
                        disabled=not product.stock,
                        default=button_default,
                    )

                _card(
                    write,
                    number=product.number,
                    slug=product.slug,
                    name=product.name,
                    featured=product.is_featured,
                    sold_out=not product.stock,
                    badges=card_badges,
                    default=card_default,
                    footer=card_footer,
                )
            write("\n")

        _grid(write, columns=4, dense=True, default=grid_default)
        write("\n")

    _layout(write, title="Shop", links=links, default=layout_default, footer=layout_footer)
    return "".join(out)


def _layout(
    write: Write,
    *,
    title: str,
    links: Sequence[Link],
    default: Slot | None = None,
    footer: Slot | None = None,
) -> None:
    write(
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title) if title.__class__ is str else text(title)}</title>\n"
        '<link rel="stylesheet" href="/shop.css">\n</head>\n<body>\n<header class="top">\n'
        '<a class="home" href="/">Shop</a>\n<nav>'
    )
    for link in links:
        href, label = link.href, link.label
        write(
            f'<a href="{escape(href) if href.__class__ is str else text(href)}"'
            f'{_CURRENT if link.is_current else ""}>'
            f"{escape(label) if label.__class__ is str else text(label)}</a>"
        )
    write("</nav>\n</header>\n<main>")
    if default is not None:
        default()
    write('</main>\n<footer class="bottom">')
    if footer is not None:
        footer()
    else:
        write("<p>All rights reserved.</p>")
    write("</footer>\n</body>\n</html>")


def _grid(write: Write, *, columns: int, dense: bool = False, default: Slot | None = None) -> None:
    write(
        f'<section class="grid grid-{columns if columns.__class__ is int else text(columns)}'
        f'{" grid-dense" if dense else ""}">'
    )
    if default is not None:
        default()
    write("</section>")


def _card(
    write: Write,
    *,
    number: int,
    slug: str,
    name: str,
    featured: bool = False,
    sold_out: bool = False,
    badges: Slot | None = None,
    default: Slot | None = None,
    footer: Slot | None = None,
) -> None:
    safe_slug = escape(slug) if slug.__class__ is str else text(slug)
    safe_name = escape(name) if name.__class__ is str else text(name)
    write(
        f'<article class="card{" card-featured" if featured else ""}{" card-sold-out" if sold_out else ""}"'
        f' id="product-{number if number.__class__ is int else text(number)}">\n<header>\n'
        f'<img src="/images/{safe_slug}.jpg" alt="{safe_name}" width="320" height="240" loading="lazy">\n'
    )
    if badges is not None:
        badges()
    write(f'\n<h2><a href="/products/{safe_slug}">{safe_name}</a></h2>\n</header>\n<div class="card-body">')
    if default is not None:
        default()
    else:
        write("No description.")
    write("</div>\n<footer>")
    if footer is not None:
        footer()
    write("</footer>\n</article>")


def _badge(write: Write, *, kind: str, strong: bool = False, default: Slot | None = None) -> None:
    write(
        f'<span class="badge badge-{escape(kind) if kind.__class__ is str else text(kind)}'
        f'{" badge-strong" if strong else ""}">'
    )
    if default is not None:
        default()
    write("</span>")


def _price(write: Write, *, amount: float, was: float | None = None) -> None:
    write(f'<p class="price"><strong>EUR {amount:.2f}</strong>')
    if was is not None:
        write(f"<s>EUR {was:.2f}</s>")
    write("</p>")


def _button(
    write: Write,
    *,
    product: int,
    label: str,
    primary: bool = False,
    disabled: bool = False,
    default: Slot | None = None,
) -> None:
    write(
        f'<button type="button" class="button{" button-primary" if primary else ""}"'
        f' data-product="{product if product.__class__ is int else text(product)}"'
        f' aria-label="{escape(label) if label.__class__ is str else text(label)}"'
        f'{" disabled" if disabled else ""}>'
    )
    if default is not None:
        default()
    write("</button>")
