"""`_headers` and `_redirects`: what hosts of files are told besides the files (Netlify, Cloudflare Pages, and others)."""

from collections.abc import Iterator, Mapping

from pyastro.adapters.adapter import Product
from pyastro.adapters.public_headers import IMMUTABLE_HEADERS, page_headers, site_headers
from pyastro.runtime.static import IMMUTABLE_FOLDER

HEADERS = "_headers"
REDIRECTS = "_redirects"


def headers_text(product: Product) -> str:
    """The file `_headers`: for all files, for those that never change, and for the pages that set their own."""
    config = product.manifest.config
    base = config.base.rstrip("/")
    blocks = [
        _block(f"{base}/*", site_headers(config)),
        _block(f"{base}/{IMMUTABLE_FOLDER}/*", IMMUTABLE_HEADERS),
    ]
    for path, headers in page_headers(product).items():
        blocks += [_block(each, headers) for each in _spellings(path)]
    return "".join(blocks)


def redirects_text(product: Product) -> str:
    """The file `_redirects`: one line for each; "" where there are none."""
    return "".join(
        f"{each} {target} {status}\n"
        for path, (target, status) in sorted(product.redirects.items())
        for each in _spellings(path)
    )


def _block(path: str, headers: Mapping[str, str]) -> str:
    return f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items())


def _spellings(path: str) -> Iterator[str]:
    """A path with and without the slash at its end, as not every host takes one for the other.

    What would stand for any text there is spelt in a way that stands for itself.
    """
    plain = path.replace("*", "%2A").replace(":", "%3A")
    yield plain
    if plain != "/":
        yield plain.removesuffix("/") if plain.endswith("/") else f"{plain}/"
