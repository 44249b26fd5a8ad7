"""Secrets stay out of pages, logs and error messages."""

import json
import logging
from pathlib import Path

import pytest
from markupsafe import escape

from pyastro.runtime import Context, Secret, attribute, attributes, text
from pyastro.runtime.secret import MASK, mask, password_of, remember
from pyastro.runtime.startup_report import startup_report
from tests.runtime.site_builds import ask, make_site, page, text_of

SECRET = "hunter2 <&'\"> hunter2"


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this test remembers is forgotten after it."""
    monkeypatch.setattr("pyastro.runtime.secret._known", set())
    remember(SECRET)


def test_no_page_holds_a_secret() -> None:
    secret, context = Secret(SECRET), Context()
    for render in (
        lambda: text(secret, context),
        lambda: text([secret], context),
        lambda: attribute(context, "title", secret),
        lambda: attribute(context, "href", secret),
        lambda: attribute(context, "class", secret),
        lambda: attribute(context, "style", secret),
        lambda: attribute(context, "hidden", secret),
        lambda: attributes(context, {"title": secret}),
    ):
        with pytest.raises(TypeError, match="secret"):
            render()


def test_masking() -> None:
    remember("short")
    remember("postgres://user:pass%20word@host/db")
    for spelling in (SECRET, repr(SECRET)[1:-1], json.dumps(SECRET)[1:-1], str(escape(SECRET))):
        assert mask(f"a {spelling} b {spelling}") == f"a {MASK} b {MASK}"
    assert mask("short postgres://user:pass%20word@host/db pass word") == f"short {MASK} {MASK}"
    assert password_of("no url") is None and password_of("http://[x") is None


@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/plain"])
def test_the_development_page_masks_what_it_shows(
    accept: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    body = f"address = {SECRET!r}\nlong = 'x' * 290 + address\nraise ValueError('cannot reach ' + address)"
    site = make_site(tmp_path, {"/": page(body)}, development=True)
    with caplog.at_level(logging.ERROR, "pyastro"):
        shown = text_of(ask(site, "/", headers={"accept": accept}))
    logged = logging.Formatter().format(caplog.records[0])
    for output in (shown, caplog.text, logged):
        assert "cannot reach" in output and "hunter2" not in output
    site.build.unload()


@pytest.mark.parametrize("name", ["pyastro", "pyastro.server", "pyastro.asgi"])
def test_the_log_masks_messages(name: str, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger(name).error("cannot reach %s (%d)", SECRET, 7)
    logging.getLogger(name).error("fine %d", 7)
    assert [record.getMessage() for record in caplog.records] == [f"cannot reach {MASK} (7)", "fine 7"]
    assert caplog.records[1].args == (7,)


def test_a_site_that_cannot_start_keeps_its_secrets() -> None:
    assert "hunter2" not in startup_report(ValueError(f"cannot reach {SECRET}"))
