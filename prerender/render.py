"""Rendering one path: its file's bytes, or why there is none."""

import re
import time
from collections.abc import Mapping
from typing import Literal, NamedTuple

from pyastro.minify import minified_file, minified_page
from pyastro.prerender.ahead import ON_DEMAND, AheadContext, AheadRequest, NeedsRequest
from pyastro.prerender.ahead_policy import AheadPolicy, SharedNonce
from pyastro.prerender.plan import Job
from pyastro.prerender.redirect_page import redirect_page
from pyastro.runtime.headers import Headers
from pyastro.runtime.redirects import location
from pyastro.runtime.response import Response
from pyastro.runtime.routing import Match
from pyastro.runtime.security import element_hashes
from pyastro.runtime.site import Site
from pyastro.runtime.tracebacks import rewrite, source_of

LOCAL = "http://localhost:4321"
"""The origin of a site that is configured to have none, as in Astro."""

Outcome = Literal["written", "left out", "failed"]
_NO_INDEX = re.compile(rb"<meta\b[^>]*\bname=[\"']?robots\b[^>]*\bnoindex", re.IGNORECASE)
_HEAD = 16 * 1024
_HASH = re.compile(r"'sha256-[\w+/=]+'")
_POLICIES = ("content-security-policy", "content-security-policy-report-only")
_OF_FILES = frozenset({"content-type", "content-length", "set-cookie"})


class Rendered(NamedTuple):
    """What came of one path."""

    job: Job
    outcome: Outcome
    data: bytes = b""
    """What is to be written; empty when it is."""
    size: int = 0
    """How many bytes the file has, when it is written."""
    message: str = ""
    """Why it failed, or was left out."""
    seconds: float = 0.0
    is_indexed: bool = False
    """Does it belong into the site map?"""
    headers: Mapping[str, str] = {}
    """The headers that the page set, for a host that can send them."""
    redirect: tuple[str, int] | None = None
    """Where the path leads, and with which status, where it does."""


async def render(site: Site, job: Job) -> Rendered:
    """Render a path; whatever its code raises is told at the author's line."""
    start = time.perf_counter()
    origin = site.url.origin if site.url else LOCAL
    if job.to:
        return _redirected(site, job, job.to, job.route.status or 301, 0.0)
    try:
        policy = None if site.config.security.csp is None else AheadPolicy(site.config.security.csp)
        response = await _respond(site, job, origin, policy)
        if _has_no_end(response):
            return _failed(job, f"it sends events without end. Write `{ON_DEMAND}` in it.")
        body = await response.bytes()
        if policy is not None:
            body = _settled(policy, response, body)
    except SharedNonce as error:
        return _failed(job, f"{error}. All visitors would have the same: or write `{ON_DEMAND}` in the page.")
    except Exception as error:
        from pyastro.runtime.startup_report import startup_report

        report = startup_report(_at_author(rewrite(error)))
        return Rendered(job, "failed", message=f"{report.rstrip()}\n  while {job.path} was rendered ahead\n")
    return _judged(site, job, response, body, time.perf_counter() - start)


async def _respond(site: Site, job: Job, origin: str, policy: AheadPolicy | None) -> Response:
    context = AheadContext(
        AheadRequest(f"{origin}{job.path}"),
        params=job.params,
        site=site.url,
        i18n=site.config.i18n,
        route_pattern=job.route.pattern,
        find_route=site.responder.find_route,
    )
    context.csp = policy
    return await site.respond(context, Match(job.route, dict(job.params)))


def _settled(policy: AheadPolicy, response: Response, body: bytes) -> bytes:
    """The page as all visitors get it, with the policy that allows what it holds among its headers."""
    html = policy.settle(body.decode("utf-8", "surrogateescape"), response.headers.items())
    policy.add_to(response)
    return html.encode("utf-8", "surrogateescape")


def _has_no_end(response: Response) -> bool:
    return response.headers.get("content-type", "").startswith("text/event-stream")


def _judged(site: Site, job: Job, response: Response, body: bytes, seconds: float) -> Rendered:
    """The file of a response; a status that a file cannot have decides whether there is one."""
    status, error_page = response.status, job.file in ("404.html", "500.html") and job.route.kind == "page"
    if 300 <= status < 400 and response.headers.has("location"):
        return _redirected(site, job, location(response.headers["location"]), status, seconds)
    if status == 200 or error_page:
        if site.config.minify:
            body = _smaller(job, body, response.headers)
        indexed = job.route.kind == "page" and not error_page and not _NO_INDEX.search(body, 0, _HEAD)
        headers = {name: value for name, value in response.headers.items() if name.lower() not in _OF_FILES}
        return Rendered(job, "written", body, seconds=seconds, is_indexed=indexed, headers=headers)
    if status in (404, 410):
        return Rendered(job, "left out", message=f"{job.path} is not written: it answers {status}.")
    hint = " A file answers GET alone: write `prerender = False` in it." if status == 405 else ""
    return _failed(job, f"{job.path} answers {status}, which a file cannot.{hint}")


def _redirected(site: Site, job: Job, target: str, status: int, seconds: float) -> Rendered:
    page = redirect_page(job.path, target, _absolute(site, target))
    return Rendered(job, "written", page, seconds=seconds, redirect=(target, status))


def _smaller(job: Job, body: bytes, headers: Headers) -> bytes:
    """A page in a shorter form, or what an endpoint gives, where it is a style sheet or a script."""
    if job.route.kind == "page":
        return _smaller_page(body, headers)
    return minified_file(body, job.file.rpartition(".")[2])


def _smaller_page(body: bytes, headers: Headers) -> bytes:
    """A page in a shorter form. Its policy allows by their hashes what its scripts and styles are then."""
    small = minified_page(body)
    name = next((name for name in _POLICIES if headers.has(name)), None)
    if name is None:
        return small
    before, after = (element_hashes(html.decode("utf-8", "replace")) for html in (body, small))
    if len(before) != len(after):
        return body
    new = {old: new for (_, old), (_, new) in zip(before, after, strict=True)}
    headers[name] = _HASH.sub(lambda found: new.get(found[0], found[0]), headers[name])
    return small


def _at_author(error: Exception) -> Exception:
    """The same; what a page may not ask for is told at the line that asks, without the calls that found it out."""
    last, entry = None, error.__traceback__
    while entry is not None:
        last = entry if source_of(entry.tb_frame) else last
        entry = entry.tb_next
    if last is not None and isinstance(error, NeedsRequest):
        last.tb_next = None
    return error


def _failed(job: Job, sentence: str) -> Rendered:
    return Rendered(job, "failed", message=f"{job.route.source}: error: {sentence}\n")


def _absolute(site: Site, target: str) -> str:
    return target if site.url is None else str(site.url.join(target))
