"""The page that stands for a redirect where files alone answer."""

from markupsafe import escape


def redirect_page(path: str, target: str, canonical: str) -> bytes:
    """A document that leads from `path` to `target` at once, and is in no index (as Astro's)."""
    to = escape(target)
    return (
        "<!DOCTYPE html>"
        f"<title>Redirecting to: {to}</title>"
        f'<meta http-equiv="refresh" content="0;url={to}">'
        '<meta name="robots" content="noindex">'
        f'<link rel="canonical" href="{escape(canonical)}">'
        f'<body><a href="{to}">Redirecting from <code>{escape(path)}</code> to <code>{to}</code></a></body>'
    ).encode()
