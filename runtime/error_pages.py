"""The answers of a site that has no page for an error: short, and telling nothing about the site."""

from http import HTTPStatus
from typing import Literal

from markupsafe import escape

from pyastro.runtime.response import Response

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body><h1>{title}</h1>{text}</body>
</html>
"""


def plain_page(status: int, text: str = "") -> Response:
    """An HTML page that names a status, with a sentence where there is something to say."""
    title = f"{status} {phrase(status)}"
    body = _PAGE.format(title=escape(title), text=f"<p>{escape(text)}</p>" if text else "")
    return Response(body, status, headers={"content-type": "text/html; charset=utf-8"})


def unavailable_page(text: str = "") -> Response:
    """The page that asks to come back later: what is down may be up again soon."""
    response = plain_page(503, text or "Please try again in a moment.")
    response.headers["retry-after"] = "10"
    response.headers["cache-control"] = "no-store"
    return response


def plain_text(status: int, text: str = "", headers: dict[str, str] | None = None) -> Response:
    """A line of text that names a status: for answers that no person is meant to see."""
    return Response(
        f"{text or phrase(status)}\n",
        status,
        headers={"content-type": "text/plain; charset=utf-8", **(headers or {})},
    )


def json_error(status: int, request_id: str) -> Response:
    """What a client that asked for JSON gets in place of a page."""
    return Response.json({"error": phrase(status), "request": request_id}, status)


def wanted_form(accept: str) -> Literal["html", "json", "text"]:
    """The form in which a client that sent this `Accept` wants to read of a failure."""
    accept = accept.lower()
    if "text/html" in accept or "application/xhtml+xml" in accept:
        return "html"
    return "json" if "json" in accept else "text"


def phrase(status: int) -> str:
    """What a status is called (RFC 9110, 15)."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
