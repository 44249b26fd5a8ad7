"""`_headers` and `_redirects`: what hosts of files are told besides the files (Netlify, Cloudflare Pages, and others)."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from pyastro.adapters.adapter import Pack, Product
from pyastro.adapters.public_headers import IMMUTABLE_HEADERS, page_headers, site_headers
from pyastro.runtime.static import IMMUTABLE_FOLDER

HEADERS = "_headers"
REDIRECTS = "_redirects"
Rule: TypeAlias = tuple[re.Pattern[str], Mapping[str, str]]
"""The paths that a rule is for, and the headers that it adds."""


def pack_rules(product: Product, pack: Pack, folder: str = "", *, with_redirects: bool) -> None:
    """Put both files into the folder that a host sends, unless `public/` has one of the name.

    Where there is something that answers redirects, they are not told.
    """
    told = {HEADERS: headers_text(product), REDIRECTS: redirects_text(product) if with_redirects else ""}
    prefix = f"{folder}/" if folder else ""
    for name, text in told.items():
        # With a base, the files of `public/` lie below that, and hosts look for these beside it.
        below = f"{prefix}{product.manifest.config.base.strip('/')}/{name}"
        own = pack.read(below) if folder and below in pack.paths else None
        if prefix + name not in pack.paths and (own or text):
            pack.write(prefix + name, own or text.encode())


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


def read_headers(text: str) -> list[Rule]:
    """The rules of a file `_headers`. What is no rule is passed over, as hosts do."""
    rules: list[tuple[re.Pattern[str], dict[str, str]]] = []
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            rules.append((_pattern(line.strip()), {}))
        elif colon and rules:
            rules[-1][1][name.strip().lower()] = value.strip()
    return list(rules)


def _pattern(path: str) -> re.Pattern[str]:
    """What a path of a rule stands for: `*` for any text, `:name` for one segment."""
    kinds = {"*": ".*", ":": "[^/]+"}
    parts = re.split(r"(\*|:\w+)", path)
    return re.compile("".join(kinds.get(part[:1], re.escape(part)) for part in parts))


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
