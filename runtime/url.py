"""URLs: immutable, percent-encoded as they came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin

from pyastro.runtime.multimap import MultiMap

__all__ = ["URL", "Query", "QueryInit", "path_segments", "query_string"]

# RFC 3986, appendix B, for URLs that have an authority. A backslash may not stand in it, nor right after it:
# browsers would read it as a slash.
_URL = re.compile(
    r"([a-z][a-z0-9+.-]*)://"
    r"((?:[^@/?#\\]*@)?(\[[0-9a-f:.]+\]|[^@:/?#\\\[\]<>^|% ]+)(?::([0-9]{0,5}))?)"
    r"((?:/[^?#]*)?)(?:\?([^#]*))?(?:\#(.*))?",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TO_ENCODE = re.compile(r"[^!-~]+")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class Query(MultiMap[str]):
    """The decoded fields of a query string, in order: `get`, `get_all`, `[]`, `in`, `items`."""

    __slots__ = ()


QueryInit: TypeAlias = str | Mapping[str, str] | Iterable[tuple[str, str]] | Query


class URL:
    """An absolute URL with a host, such as `http://localhost:8000/post/1?page=2`.

    It is kept percent-encoded as it came; spaces and characters outside ASCII, which no URL holds,
    are encoded (as UTF-8 in the path and query, by IDNA in the host). Anything else that RFC 3986 does
    not allow in these places, control characters first of all, is a ValueError.
    """

    __slots__ = ("_match", "_query", "_segments", "_text")

    def __init__(self, url: str | URL) -> None:
        """Make a URL. Raises ValueError when it is malformed, or not absolute."""
        text = str(url)
        if not text.isascii() or not text.isprintable() or " " in text:
            if _CONTROL.search(text):
                raise ValueError(f"A URL cannot hold control characters: {text!r}")
            text = _encoded(text)
        self._text = text
        match = _URL.fullmatch(self._text)
        if match is None or int(match[4] or 0) > 65535:
            raise ValueError(f"Not an absolute URL with a host: {str(url)!r}")
        self._match = match
        self._query: Query | None = None
        self._segments: tuple[str, ...] | None = None

    @property
    def scheme(self) -> str:
        """`http` or `https`, in lower case, without a colon."""
        return self._match[1].lower()

    @property
    def netloc(self) -> str:
        """The authority as it came, port and user information included: `localhost:8000`."""
        return self._match[2]

    @property
    def host(self) -> str:
        """The host in lower case, without the port; an IPv6 address without its brackets."""
        return self._match[3].strip("[]").lower()

    @property
    def port(self) -> int | None:
        """The port that is written, or None."""
        return int(self._match[4]) if self._match[4] else None

    @property
    def origin(self) -> str:
        """Scheme, host, and the port unless it is the scheme's own: `https://example.org` (HTML standard)."""
        is_default = self.port is None or self.port == _DEFAULT_PORTS.get(self.scheme)
        return f"{self.scheme}://{self._match[3].lower()}" + ("" if is_default else f":{self.port}")

    @property
    def path(self) -> str:
        """The path, percent-encoded as it came; `/` when there is none."""
        return self._match[5] or "/"

    @property
    def query_string(self) -> str:
        """What follows the question mark, percent-encoded, without it."""
        return self._match[6] or ""

    @property
    def fragment(self) -> str:
        """What follows the number sign, percent-encoded, without it."""
        return self._match[7] or ""

    @property
    def query(self) -> Query:
        """The query's fields, decoded as a form: `+` is a space, blank values are kept."""
        if self._query is None:
            self._query = Query(parse_qsl(self.query_string, keep_blank_values=True))
        return self._query

    @property
    def segments(self) -> tuple[str, ...]:
        """The path split at each literal `/`, then decoded, each segment once.

        `/` gives `()`, `/a%2Fb/c` gives `("a/b", "c")`, and a slash at the end an empty last segment.
        This is the one path that routes, parameters and middleware compare. Raises ValueError
        when a segment is not percent-encoded UTF-8.
        """
        if self._segments is None:
            self._segments = path_segments(self.path)
        return self._segments

    def join(self, relative: str) -> URL:
        """The URL that `relative` means when it is found at this one (RFC 3986, 5)."""
        return URL(urljoin(self._text, relative))

    def replace(
        self,
        *,
        scheme: str | None = None,
        netloc: str | None = None,
        path: str | None = None,
        query: QueryInit | None = None,
        fragment: str | None = None,
    ) -> URL:
        """This URL with other parts; an empty query or fragment is left out.

        `path` may hold characters that a path must encode, and escapes, which stay; a `query` that is
        a str is taken as it is, a mapping or pairs are encoded as a form. Raises ValueError for a path that
        does not start with a slash, and for any other part that would become more than that part.
        """
        path = self.path if path is None else quote(path, safe="/%:@!$&'()*+,;=~")
        text = self.query_string if query is None else query_string(query)
        fragment = self.fragment if fragment is None else quote(fragment, safe="/%:@!$&'()*+,;=~?")
        root = URL(f"{scheme or self.scheme}://{self.netloc if netloc is None else netloc}/")
        result = URL(f"{str(root)[:-1]}{path}{text and '?' + text}{fragment and '#' + fragment}")
        if root.path != "/" or root.query_string or root.fragment or result.netloc != root.netloc:
            raise ValueError(f"Not parts of a URL: netloc {netloc!r}, path {path!r}")
        return result

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"URL({self._text!r})"

    def __eq__(self, other: object) -> bool:
        """Whether both are written alike."""
        return self._text == other._text if isinstance(other, URL) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)


def _encoded(text: str) -> str:
    """The URL in ASCII: its host by IDNA, the rest by percent-encoded UTF-8."""
    scheme, mark, rest = text.partition("://")
    authority = re.match(r"[^/?#\\]*", rest)
    host = authority[0] if authority else ""
    after = rest[len(host) :]
    host = host if host.isascii() else host.encode("idna").decode()
    return scheme + mark + host + _TO_ENCODE.sub(lambda match: quote(match[0]), after)


def path_segments(path: str) -> tuple[str, ...]:
    """The decoded segments of a path; see `URL.segments`. An empty path has none."""
    if path in ("", "/"):
        return ()
    if "%" not in path:
        return tuple(path[1:].split("/"))
    if _BROKEN_ESCAPE.search(path):
        raise ValueError(f"The path {path!r} has a percent sign without two hexadecimal digits")
    return tuple([unquote(part, errors="strict") for part in path[1:].split("/")])


def query_string(query: QueryInit) -> str:
    """The fields of a query, or of a form, encoded; text is taken as it is."""
    if isinstance(query, str):
        return query.removeprefix("?").replace("#", "%23")
    return urlencode(list(query.items() if isinstance(query, (Mapping, Query)) else query))
