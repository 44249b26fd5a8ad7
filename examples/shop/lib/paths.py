"""Where a form leads back to."""

from urllib.parse import urlencode

from pyastro.runtime import URL


def login_path(url: URL) -> str:
    """The login page, which leads back to the page at `url`."""
    return f"/login?{urlencode({'next': url.path})}"


def safe_next(target: object) -> str:
    """A target that came with a request, if it is a path of this site, else the home page.

    `//host` and `/\\host` look like paths, and lead browsers to another host.
    """
    if not isinstance(target, str) or not target.startswith("/") or not target.isprintable():
        return "/"
    return "/" if target.startswith(("//", "/\\")) else target
