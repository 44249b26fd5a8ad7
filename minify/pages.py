"""Pages with less white space, and with what is in them in a shorter form."""


class MinifierMissing(RuntimeError):
    """The setting `build.minify` is on, and the package that does it is not installed."""


def minified_page(html: bytes) -> bytes:
    """The same document with less white space, and its style sheets and scripts in a shorter form.

    Raises MinifierMissing where minify-html is not installed.
    """
    try:
        from minify_html import minify
    except ImportError:
        raise MinifierMissing(
            "`build.minify` needs the package minify-html: pip install 'pyastro-web[minify]'"
        ) from None
    text = minify(
        html.decode("utf-8", "surrogatepass"),
        keep_html_and_head_opening_tags=True,
        keep_closing_tags=True,
        minify_css=True,
        minify_js=True,
    )
    return text.encode("utf-8", "surrogatepass")
