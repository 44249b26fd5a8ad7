"""Lambda's events as requests of the site's.

Four kinds are told apart, each with its own idea of a path and of a header (docs.aws.amazon.com/lambda, "Invoking Lambda
functions"; docs.aws.amazon.com/apigateway, "payload format version"):

- a function URL: payload 2.0, the path as it was sent;
- API Gateway's HTTP API: payload 2.0 or 1.0, the path decoded;
- API Gateway's REST API: payload 1.0, the path as it was sent, without the stage, which the address has;
- a load balancer: a payload of its own, the path and the query as they were sent.
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from pyastro.runtime.errors import BadRequest
from pyastro.runtime.incoming import (
    Trust,
    check_announced,
    checked_headers,
    forwarded,
    host_and_target,
    request_url,
)
from pyastro.runtime.request import Request

_SAFE = "/!$&'()*+,;=:@~"
_FUNCTION_URL = ".lambda-url."
Event = Mapping[str, Any]


class NotHTTP(TypeError):
    """An event that is no HTTP request: it comes from another service than those that carry requests."""


@dataclass(frozen=True, slots=True)
class Head:
    """What an event tells of a request beside its body."""

    method: str
    target: str
    """The path, percent-encoded as it was sent, as far as that is known, and the query."""
    fields: list[tuple[str, str]]
    root_path: str
    """What the address has before the site's own path: the stage of an API."""
    address: str
    """The name by which the function is reached, as AWS says."""
    client: str | None


def head_of(event: Event) -> Head:
    """The head of the request that an event is. Raises NotHTTP."""
    context = event.get("requestContext")
    if not isinstance(context, Mapping):
        raise NotHTTP("The event is no HTTP request: it has no requestContext")
    if "http" in context:
        return _version_2(event, context)
    if "elb" in context:
        return _load_balancer(event)
    if "httpMethod" in event:
        return _version_1(event, context)
    raise NotHTTP("The event is no HTTP request: it names no method")


def to_request(event: Event, head: Head, trust: Trust) -> Request:
    """The site's request. Raises RequestError for one that is malformed or too large."""
    headers = checked_headers(head.fields)
    body = _body(event)
    check_announced(headers, len(body), trust.limits)
    host, target = host_and_target(headers, head.target, needs_host=False)
    client, scheme = head.client, headers.get("x-forwarded-proto", "https")
    if trust.trust_forwarded:
        host = forwarded(headers, "x-forwarded-host", host)
        client = forwarded(headers, "x-forwarded-for", client)
    url = request_url(scheme, host, target, trust.hosts, head.address)
    try:
        return Request(
            head.method,
            url,
            headers,
            body or None,
            client_address=client,
            root_path=head.root_path,
            limits=trust.limits,
        )
    except ValueError as error:
        raise BadRequest(str(error)) from None


def _version_2(event: Event, context: Event) -> Head:
    http = context["http"]
    address = context.get("domainName") or "localhost"
    path = event.get("rawPath") or "/"
    if _FUNCTION_URL not in address:
        path = quote(path, safe=_SAFE)
    fields = list((event.get("headers") or {}).items())
    cookies = event.get("cookies") or ()
    if cookies:
        fields = [(name, value) for name, value in fields if name.lower() != "cookie"]
        fields.append(("cookie", "; ".join(cookies)))
    stage = context.get("stage") or "$default"
    root = "" if stage == "$default" else f"/{quote(stage, safe=_SAFE)}"
    root = root if f"{path}/".startswith(f"{root}/") else ""
    query = event.get("rawQueryString") or ""
    return Head(http["method"], _with_query(path, query), fields, root, address, http.get("sourceIp"))


def _version_1(event: Event, context: Event) -> Head:
    """REST APIs, and HTTP APIs that were asked for the older payload. Only these give it a version."""
    path, whole = event.get("path") or "/", context.get("path") or event.get("path") or "/"
    if "version" in event:
        path, whole = quote(path, safe=_SAFE), quote(whole, safe=_SAFE)
    root = whole.removesuffix(path).rstrip("/") if whole.endswith(path) else ""
    query = urlencode(list(_pairs(event, "queryStringParameters", "multiValueQueryStringParameters")))
    client = (context.get("identity") or {}).get("sourceIp")
    address = context.get("domainName") or "localhost"
    fields = list(_pairs(event, "headers", "multiValueHeaders"))
    return Head(event["httpMethod"], _with_query(root + path, query), fields, root, address, client)


def _load_balancer(event: Event) -> Head:
    """A load balancer appends the sender's address to `X-Forwarded-For`, and hands on any name of a host."""
    fields = list(_pairs(event, "headers", "multiValueHeaders"))
    query = "&".join(
        f"{name}={value}"
        for name, value in _pairs(event, "queryStringParameters", "multiValueQueryStringParameters")
    )
    given = next((value for name, value in fields if name.lower() == "x-forwarded-for"), "")
    client = given.rpartition(",")[2].strip() or None
    target = _with_query(event.get("path") or "/", query)
    return Head(event["httpMethod"], target, fields, "", "localhost", client)


def _pairs(event: Event, single: str, several: str) -> Iterator[tuple[str, str]]:
    """Names with their values, from the table that has several of a name where there is one."""
    for name, values in (event.get(several) or {}).items():
        yield from ((name, value) for value in values)
    if not event.get(several):
        yield from (event.get(single) or {}).items()


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _body(event: Event) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass")
    try:
        return b64decode(body, validate=True)
    except ValueError:
        raise BadRequest("The body is not base64") from None
