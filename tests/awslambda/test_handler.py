"""Events in, results out, in the forms of each of the services that carry requests to a function."""

import base64
import json
import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pyastro.awslambda import Handler, NotHTTP
from tests.runtime.site_builds import make_site, page

ECHO = """
from pyastro.runtime import Response
context.cookies.set("a", "1")
context.cookies.set("b", "2")
body = await context.request.body()
return Response.json({
    "method": context.request.method,
    "url": str(context.url),
    "path": context.url.path,
    "root": context.request.root_path,
    "query": list(context.url.query.items()),
    "client": context.client_address,
    "cookie": context.request.headers.get("cookie"),
    "many": context.request.headers.get_all("x-many"),
    "body": list(body),
}, headers=[("x-one", "1"), ("x-one", "2")])
"""
WAITS = "import asyncio\nawait asyncio.sleep(30)"
BREAKS = "from pyastro.runtime import Response\ndef pieces():\n    yield 'a'\n    raise ValueError('broken')\nreturn Response(pieces())"
LARGE = "from pyastro.runtime import Response\nreturn Response('x' * (6 * 1024 * 1024 + 1))"
CYRILLIC = "from pyastro.runtime import Response\nreturn Response('\u0436' * 1_500_000)"
BINARY = "from pyastro.runtime import Response\nreturn Response(bytes(range(256)))"
MODULES = {
    "/echo": page(ECHO),
    "/caf\u00e9": page(ECHO),
    "/waits": page(WAITS),
    "/breaks": page(BREAKS),
    "/large": page(LARGE),
    "/cyrillic": page(CYRILLIC),
    "/binary": page(BINARY),
}


class Context:
    """Lambda's context, with some time left."""

    def __init__(self, milliseconds: int = 30_000) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[Handler]:
    with closing(Handler(make_site(tmp_path, MODULES))) as handler:
        yield handler


def url_event(path: str, method: str = "GET", **more: Any) -> dict[str, Any]:
    """An event of a function URL."""
    context = {
        "domainName": "abc.lambda-url.eu-central-1.on.aws",
        "http": {"method": method, "path": path, "sourceIp": "192.0.2.7"},
        "stage": "$default",
    }
    headers = {"host": context["domainName"], "x-forwarded-proto": "https", "x-many": "one,two"}
    event = {"version": "2.0", "rawPath": path, "headers": headers, "requestContext": context}
    return {**event, **more}


def http_api_event(path: str, stage: str = "$default", **more: Any) -> dict[str, Any]:
    """An event of an HTTP API, which decodes the path."""
    event = url_event(path, **more)
    event["requestContext"].update(
        {"domainName": "abc.execute-api.eu-central-1.amazonaws.com", "stage": stage}
    )
    event["headers"]["host"] = "abc.execute-api.eu-central-1.amazonaws.com"
    return event


def rest_event(path: str, whole: str, **more: Any) -> dict[str, Any]:
    """An event of a REST API."""
    context = {
        "domainName": "abc.execute-api.eu-central-1.amazonaws.com",
        "path": whole,
        "stage": "prod",
        "identity": {"sourceIp": "192.0.2.7"},
    }
    return {
        "httpMethod": "GET",
        "path": path,
        "headers": {"X-Many": "two"},
        "multiValueHeaders": {"X-Many": ["one", "two"], "Host": [context["domainName"]]},
        "queryStringParameters": {"q": "b c"},
        "multiValueQueryStringParameters": {"q": ["a&", "b c"]},
        "requestContext": context,
        **more,
    }


def balancer_event(path: str, **more: Any) -> dict[str, Any]:
    """An event of a load balancer."""
    return {
        "httpMethod": "GET",
        "path": path,
        "headers": {
            "host": "shop.example",
            "x-forwarded-for": "10.0.0.1, 192.0.2.7",
            "x-forwarded-proto": "http",
        },
        "queryStringParameters": {"q": "a%26", "r": ""},
        "requestContext": {"elb": {"targetGroupArn": "arn:…"}},
        **more,
    }


def answered(handler: Handler, event: dict[str, Any]) -> Any:
    """What the page that echoes saw."""
    result = handler(event, Context())
    assert (result["statusCode"], result["isBase64Encoded"]) == (200, False), result
    return json.loads(result["body"])


def test_a_function_url(handler: Handler) -> None:
    event = url_event("/echo", rawQueryString="q=a%26&q=b%20c", cookies=["x=1", "y=2"])
    seen = answered(handler, event)
    assert seen["url"] == "https://abc.lambda-url.eu-central-1.on.aws/echo?q=a%26&q=b%20c"
    assert seen["query"] == [["q", "a&"], ["q", "b c"]]
    assert (seen["client"], seen["cookie"], seen["many"]) == ("192.0.2.7", "x=1; y=2", ["one,two"])
    result = handler(event, Context())
    assert [each.partition(";")[0] for each in result["cookies"]] == ["a=1", "b=2"]
    assert "set-cookie" not in result["headers"] and result["headers"]["x-one"] == "1, 2"
    assert "multiValueHeaders" not in result and "content-length" not in result["headers"]


def test_a_body(handler: Handler) -> None:
    every = bytes(range(256))
    encoded = {"body": base64.b64encode(every).decode(), "isBase64Encoded": True}
    assert answered(handler, url_event("/echo", "POST", **encoded))["body"] == list(every)
    plain = answered(handler, url_event("/echo", "POST", body="\u00e9", isBase64Encoded=False))
    assert (plain["method"], plain["body"]) == ("POST", list("\u00e9".encode()))


def test_bytes_go_out_encoded_and_with_a_type(handler: Handler) -> None:
    result = handler(url_event("/binary"), Context())
    assert result["isBase64Encoded"] and base64.b64decode(result["body"]) == bytes(range(256))
    assert result["headers"]["content-type"] == "application/octet-stream"


def test_an_http_api_decodes_paths(handler: Handler) -> None:
    assert answered(handler, http_api_event("/caf\u00e9"))["path"] == "/caf%C3%A9"
    for path in ("/echo?admin=1", "/echo#x", "/100%"):
        assert handler(http_api_event(path), Context())["statusCode"] == 404


def test_the_stage_of_an_http_api_is_where_the_site_is_mounted(handler: Handler) -> None:
    seen = answered(handler, http_api_event("/prod/echo", "prod"))
    assert (seen["root"], seen["path"]) == ("/prod", "/prod/echo")
    mapped = answered(handler, http_api_event("/echo", "prod"))
    assert (mapped["root"], mapped["path"]) == ("", "/echo")


def test_a_rest_api(handler: Handler) -> None:
    seen = answered(handler, rest_event("/echo", "/prod/echo"))
    assert seen["url"] == "https://abc.execute-api.eu-central-1.amazonaws.com/prod/echo?q=a%26&q=b+c"
    assert (seen["root"], seen["client"], seen["many"]) == ("/prod", "192.0.2.7", ["one", "two"])
    assert answered(handler, rest_event("/echo", "/echo"))["root"] == ""
    result = handler(rest_event("/echo", "/prod/echo"), Context())
    assert [each.partition(";")[0] for each in result["multiValueHeaders"]["set-cookie"]] == ["a=1", "b=2"]
    assert "headers" not in result


def test_a_load_balancer(handler: Handler) -> None:
    seen = answered(handler, balancer_event("/echo"))
    assert seen["url"] == "http://localhost/echo?q=a%26&r="  # anybody may send it any name
    assert seen["client"] == "192.0.2.7"
    headers = handler(balancer_event("/echo"), Context())["headers"]
    cookies = [value.partition(";")[0] for name, value in headers.items() if name.lower() == "set-cookie"]
    assert cookies == ["a=1", "b=2"]
    several = balancer_event("/echo", multiValueHeaders={"host": ["localhost"], "x-many": ["one", "two"]})
    assert answered(handler, several)["many"] == ["one", "two"]
    assert len(handler(several, Context())["multiValueHeaders"]["set-cookie"]) == 2


def test_what_is_no_request_is_the_callers_mistake(handler: Handler) -> None:
    for event in ({}, {"Records": []}, {"requestContext": {}}, {"requestContext": None}):
        with pytest.raises(NotHTTP, match="no HTTP request"):
            handler(event, Context())


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"rawPath": "/%ff"}, 400),
        ({"headers": {"host": "a b"}}, 400),
        ({"headers": {"x\r\ny": "z"}}, 400),
        ({"headers": {"expect": "tea"}}, 417),
        ({"rawPath": "no/slash"}, 400),
    ],
)
def test_what_is_malformed_is_refused(handler: Handler, change: dict[str, Any], status: int) -> None:
    assert handler({**url_event("/echo"), **change}, Context())["statusCode"] == status


def test_a_name_that_is_not_known_counts_as_the_functions_own(handler: Handler) -> None:
    event = url_event("/echo")
    event["headers"]["host"] = "evil.example"
    assert answered(handler, event)["url"] == "https://abc.lambda-url.eu-central-1.on.aws/echo"


def test_a_network_in_front_is_believed_where_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = url_event("/echo")
    event["headers"].update({"x-forwarded-host": "localhost", "x-forwarded-for": "10.0.0.1, 192.0.2.99"})
    with closing(Handler(make_site(tmp_path, MODULES))) as handler:
        assert answered(handler, event)["client"] == "192.0.2.7"
    monkeypatch.setenv("PYASTRO_TRUST_FORWARDED", "1")
    with closing(Handler(make_site(tmp_path, MODULES))) as handler:
        seen = answered(handler, event)
    assert (seen["url"], seen["client"]) == ("https://localhost/echo", "192.0.2.99")


def test_the_time_of_the_function_is_the_limit(handler: Handler, caplog: pytest.LogCaptureFixture) -> None:
    result = handler(url_event("/waits"), Context(700))
    assert result["statusCode"] == 504
    assert "GET '/waits' took longer than the function may" in caplog.text
    assert answered(handler, url_event("/echo"))["path"] == "/echo"


def test_a_stream_that_breaks_is_a_failure(handler: Handler, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert handler(url_event("/breaks"), Context())["statusCode"] == 500
    assert "ValueError: broken" in caplog.text


def test_what_lambda_does_not_carry_is_a_failure(handler: Handler, caplog: pytest.LogCaptureFixture) -> None:
    result = handler(url_event("/large"), Context())
    assert (result["statusCode"], len(result["body"]) < 1000) == (500, True)
    assert f"has {6 * 1024 * 1024 + 1} bytes" in caplog.text


def test_text_that_json_makes_too_long_is_encoded(handler: Handler) -> None:
    result = handler(url_event("/cyrillic"), Context())
    assert (result["statusCode"], result["isBase64Encoded"]) == (200, True)
    assert base64.b64decode(result["body"]).decode() == "\u0436" * 1_500_000
    assert len(json.dumps(result)) < 6 * 1024 * 1024


def test_a_body_that_is_no_base64_is_a_bad_request(handler: Handler) -> None:
    event = url_event("/echo", "POST", body="a%%%", isBase64Encoded=True)
    assert handler(event, Context())["statusCode"] == 400


def test_a_head_request(handler: Handler) -> None:
    result = handler(url_event("/echo", "HEAD"), Context())
    assert (result["statusCode"], result["body"]) == (200, "")


def test_it_works_without_a_context(handler: Handler) -> None:
    assert handler(url_event("/echo"))["statusCode"] == 200
