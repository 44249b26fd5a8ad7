import asyncio
import logging
from pathlib import Path

import pytest

from pyastro.runtime.failures import is_failure
from pyastro.runtime.request import Request
from pyastro.runtime.site import Site
from tests.runtime.site_builds import ask, get, html, make_site, page, text_of

FIVE = page("return Markup(f'five {type(error).__name__}')", "context, *, error=None")
SECRET = page("password = 'hunter2'\nraise ValueError('<b>hunter2</b>')")


def test_production_reveals_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    response = ask(make_site(tmp_path, {"/": SECRET}), "/?token=abc")
    text = text_of(response)
    assert response.status == 500
    assert "500 Internal Server Error" in text
    assert "hunter2" not in text
    assert "ValueError" not in text
    assert "pages" not in text
    number = text.partition("Request ")[2].partition("<")[0]
    assert f"GET / failed (request {number})" in caplog.text
    assert "ValueError: <b>hunter2</b>" in caplog.text
    assert "token" not in caplog.text


def test_development_tells_the_failure_and_does_not_ask_the_sites_page(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"/": SECRET, "/500": FIVE}, development=True)
    response = ask(site, "/", headers={"accept": "text/html"})
    text = text_of(response)
    assert (response.status, response.headers["cache-control"]) == (500, "no-store")
    assert "ValueError" in text and "five" not in text


@pytest.mark.parametrize(
    "name", ["ValueError", "SystemExit", "KeyboardInterrupt", "BaseException", "asyncio.CancelledError"]
)
def test_every_exception_is_answered_with_the_sites_page(tmp_path: Path, name: str) -> None:
    site = make_site(tmp_path, {"/": page(f"import asyncio\nraise {name}"), "/500": FIVE})
    assert get(site, "/") == (500, f"five {name.rpartition('.')[2]}")
    assert get(site, "/500") == (500, "five NoneType")


def test_a_page_that_does_not_take_the_error(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, {"/": SECRET, "/none": page("return Response(None, 500)"), "/500": html("sorry")}
    )
    assert get(site, "/") == get(site, "/none") == (500, "sorry")


@pytest.mark.parametrize("body", ["raise SystemExit", "return Response(None, 500)", "return Rewrite('/500')"])
def test_a_500_page_that_fails(tmp_path: Path, body: str) -> None:
    status, text = get(make_site(tmp_path, {"/": SECRET, "/500": page(body)}), "/")
    assert status == 500
    assert "500 Internal Server Error" in text


def test_a_404_page_that_fails(tmp_path: Path) -> None:
    assert get(make_site(tmp_path, {"/404": page("1 / 0"), "/500": FIVE}), "/x") == (
        500,
        "five ZeroDivisionError",
    )


def test_what_the_client_did_wrong(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    site = make_site(
        tmp_path,
        {"/": page("await context.request.json()"), "/form": page("await context.request.form_data()")},
    )
    with caplog.at_level(logging.ERROR):
        assert ask(site, "/", "POST", body=b"{").status == 400
        assert ask(site, "/form", "POST", {"content-type": "text/csv"}, b"x").status == 415
    assert caplog.text == ""


def test_in_development_the_client_is_told_what_it_did_wrong(tmp_path: Path) -> None:
    modules = {"/": page("await context.request.json()")}
    for development, text in ((True, "The request's body is not valid JSON"), (False, "Bad Request\n")):
        site = make_site(tmp_path / str(development), modules, development=development)
        assert text_of(ask(site, "/", "POST", body=b"{<b>")).startswith(text)


def test_a_hint_is_logged_and_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    site = make_site(tmp_path, {"/": page("return context.url.pathname")}, development=True)
    assert "hint: it is called path here" in text_of(ask(site, "/"))
    assert "hint: it is called path here" in caplog.text


def test_cancelling_a_request_passes_through(tmp_path: Path) -> None:
    site: Site = make_site(tmp_path, {"/": page("import asyncio\nawait asyncio.sleep(60)")})

    async def cancel() -> None:
        task = asyncio.create_task(site.handle(Request("GET", "http://localhost/")))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())


def test_the_end_of_a_generator_is_no_failure() -> None:
    assert not is_failure(GeneratorExit())
    assert is_failure(SystemExit())


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json, */*"])
def test_who_asks_for_json_is_told_in_json(tmp_path: Path, accept: str) -> None:
    site = make_site(tmp_path, {"/fails.py": "def GET():\n    return 1 / 0\n", "/500": html("sorry")})
    answer = ask(site, "/fails", headers={"accept": accept, "x-request-id": "find-me"})
    assert (answer.status, answer.headers["content-type"]) == (500, "application/json")
    assert text_of(answer) == '{"error":"Internal Server Error","request":"find-me"}'
    assert get(site, "/fails", headers={"accept": "text/html, application/json"}) == (500, "sorry")
    assert get(site, "/fails") == (500, "sorry")
