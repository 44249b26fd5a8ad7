"""The shop, as its visitors meet it: compiled, and asked; over HTTP where that makes a difference."""

import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pyastro.runtime import Astro, Request
from pyastro.testing import Client, render
from tests.hosts.visitor import Answer, Visitor

SHOP = Path(__file__).parents[2] / "examples" / "shop"
PYASTRO = [sys.executable, "-m", "pyastro.cli"]
SESSION = "pyastro-session"
LOGIN = {"email": "mira@example.com", "password": "porcelain"}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop, compiled."""
    folder = tmp_path_factory.mktemp("shop") / "build"
    command = [*PYASTRO, "compile", str(SHOP / "pages"), "-o", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return folder


@contextmanager
def serving(build: Path, folder: Path, *options: str) -> Iterator[int]:
    """The port of the shop while it is served, with a folder for its data."""
    folder.mkdir()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*PYASTRO, "serve", str(build), "--port", "0", *options],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, (line, (folder / "log").read_text())
        yield int(found[1])
    finally:
        process.terminate()
        process.stdout.close()
        assert process.wait(20) == 0


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the shop keeps its data."""
    return tmp_path_factory.mktemp("data") / "shop.db"


@pytest.fixture
def visitor(build: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Somebody who comes for the first time."""
    monkeypatch.setenv("SHOP_DATABASE", str(database))
    with Client(build) as client:
        yield client
    client.site.build.unload()


@pytest.fixture
def customer(visitor: Client) -> Client:
    """Somebody who is signed in."""
    page = visitor.get("/login")
    assert visitor.submit(page.one("main form"), LOGIN).status == 303
    return visitor


def test_home_lists_every_product(visitor: Client) -> None:
    answer = visitor.get("/")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("<!doctype html>")
    assert len(answer.select('a[href^="/products/"]')) == 8
    assert answer.one("title").text == "Stoneware by hand – Tern Pottery"


def test_home_needs_no_cookie(visitor: Client) -> None:
    assert not visitor.get("/").headers.has("set-cookie")


def test_middleware_completes_the_headers(visitor: Client) -> None:
    headers = visitor.get("/").headers
    assert headers["cache-control"] == "private, no-cache"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/products/dusk-vase", "/cart", "/login", "/nothing", "/oops"])
def test_the_policy_runs_what_is_the_shops_own(visitor: Client, path: str) -> None:
    visitor.post("/cart", form={"product": "dusk-vase", "add": "1"})
    answer = visitor.get(path)
    policy = answer.headers["content-security-policy"]
    for element in answer.select("script, style"):
        digest = b64encode(sha256(element.raw_text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "script-src 'self'" in policy
    assert not answer.select("[onclick], [onload], [onerror]")


def test_kinds_narrow_the_list(visitor: Client) -> None:
    answer = visitor.get("/?kind=home")
    shown = [link["href"] for link in answer.select('a[href^="/products/"]')]
    assert shown == ["/products/dusk-vase", "/products/stone-planter"]
    assert answer.one('.filter.chosen[aria-current="page"]').text == "For the house"
    assert visitor.get("/?kind=cars").status == 404


def test_product_page(visitor: Client) -> None:
    answer = visitor.get("/products/ember-teapot")
    assert answer.status == 200
    assert answer.one("h1").text == "Ember teapot"
    assert "£78.00" in answer.one("main").text
    assert answer.select('main [style="--glaze: #b5532f;"]')
    assert "Sits well beside it" in answer.text, "the content of a named slot"
    assert "From the shelf" not in answer.text, "the fallback that it replaces"
    assert answer.one("head link[rel=alternate]")["href"] == "/api/products/ember-teapot.json"


@pytest.mark.parametrize("path", ["/products/unicorn", "/nothing/here"])
def test_what_does_not_exist(visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status == 404
    assert "This one broke in the kiln" in answer.text
    assert path in answer.text


def test_a_failure_shows_the_shops_own_page(visitor: Client) -> None:
    answer = visitor.get("/oops")
    assert answer.status == 500
    assert "That slipped through our fingers" in answer.text
    assert "the teapot has no lid" not in answer.text


def test_strangers_are_sent_to_the_login(visitor: Client) -> None:
    answer = visitor.get("/account")
    assert (answer.status, answer.location) == (302, "/login?next=%2Faccount")
    assert answer.text == ""


def test_login_leads_back(visitor: Client) -> None:
    page = visitor.get("/account", follow_redirects=True)
    answer = visitor.submit(page.one("main form"), LOGIN)
    assert (answer.status, answer.location) == (303, "/account")
    account = visitor.get("/account", headers={"user-agent": "Curl <1>"})
    assert account.status == 200
    assert "Hello, Mira" in account.one("h1").text
    assert "Curl <1>" in account.one("main").text
    assert account.headers["cache-control"] == "no-store"


def test_session_cookie(visitor: Client) -> None:
    (cookie,) = visitor.post("/login", form=LOGIN).headers.get_all("set-cookie")
    name, *attributes = cookie.split("; ")
    assert name.startswith(f"{SESSION}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert "Secure" not in attributes, "plain HTTP"


def test_login_changes_the_session_id(visitor: Client) -> None:
    visitor.post("/cart", form={"product": "moss-bowl", "add": "1"})
    before = visitor.cookies[SESSION]
    visitor.post("/login", form=LOGIN)
    assert visitor.cookies[SESSION] != before
    assert "Moss bowl" in visitor.get("/cart").text, "the cart stays"


@pytest.mark.parametrize(
    "fields",
    [{**LOGIN, "password": "plastic"}, {**LOGIN, "email": "nobody@example.com"}, {}],
)
def test_wrong_login(visitor: Client, fields: dict[str, str]) -> None:
    answer = visitor.post("/login", form=fields)
    assert answer.status == 422
    assert "do not belong together" in answer.one("[role=alert]").text
    assert visitor.cookies == {}


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example/", "/a\r\nx: y"]
)
def test_login_stays_on_the_site(visitor: Client, target: str) -> None:
    answer = visitor.post(f"/login?{urlencode({'next': target})}", form=LOGIN)
    assert (answer.status, answer.location) == (303, "/")


def test_cart(visitor: Client) -> None:
    assert visitor.get("/cart").one("h1").text == "Your cart is empty"
    product = visitor.get("/products/harbour-mug")
    answer = visitor.submit(product.one('form[action="/cart"]'), {"add": "2"})
    assert (answer.status, answer.location) == (303, "/cart")
    visitor.post("/cart", form={"product": "harbour-mug", "add": "1"})
    visitor.post("/cart", form={"product": "tide-plate", "add": "rubbish"})
    cart = visitor.get("/cart")
    assert [each["value"] for each in cart.select("input[name=quantity]")] == ["3", "1"]
    assert "£98.00" in cart.one("tfoot").text
    assert len(cart.select('script[type="module"]')) == 1
    left = visitor.submit(cart.select("td form")[0], {"quantity": "0"}, follow_redirects=True)
    assert [each.text for each in left.select("tbody a")] == ["Tide plate"]


def test_cart_takes_products_only(visitor: Client) -> None:
    assert visitor.post("/cart", form={"product": "unicorn", "add": "1"}).status == 404


def test_other_sites_cannot_fill_the_cart(visitor: Client) -> None:
    fields = {"product": "harbour-mug", "add": "1"}
    assert visitor.post("/cart", form=fields, headers={"origin": "https://evil.example"}).status == 403


def test_checkout(visitor: Client) -> None:
    visitor.post("/cart", form={"product": "dusk-vase", "add": "2"})
    assert visitor.post("/checkout").location == "/login?next=/cart"
    visitor.post("/login", form=LOGIN)
    target = visitor.post("/checkout").location
    assert target is not None
    assert re.fullmatch(r"/account\?order=\d+", target)
    account = visitor.get(target)
    assert "Thank you!" in account.text
    assert re.search(r"2 pieces.*£112\.00", account.one("li.new").text)
    assert "Your cart is empty" in visitor.get("/cart").text


def test_logout(customer: Client) -> None:
    old = dict(customer.cookies)
    answer = customer.post("/logout")
    assert (answer.status, answer.location) == (303, "/")
    assert SESSION not in customer.cookies
    customer.cookies = old
    assert customer.get("/account").status == 302, "the old cookie is worthless"


def test_logout_is_no_link(customer: Client) -> None:
    answer = customer.get("/logout")
    assert answer.status == 405
    assert "POST" in answer.headers["allow"]


def test_currency(visitor: Client) -> None:
    answer = visitor.post("/currency", form={"currency": "EUR", "next": "/products/harbour-mug"})
    assert (answer.status, answer.location) == (303, "/products/harbour-mug")
    assert f"Max-Age={365 * 24 * 3600}" in answer.headers["set-cookie"]
    page = visitor.get("/products/harbour-mug")
    assert "€27.60" in page.one("main").text
    assert page.one('[aria-pressed="true"]')["value"] == "EUR"
    visitor.post("/currency", form={"currency": "doubloon"})
    assert visitor.cookies["currency"] == "EUR"


def test_api(visitor: Client) -> None:
    answer = visitor.get("/api/products/harbour-mug.json")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=60"
    product = answer.json()
    assert product["pence"] == 2400
    assert product["url"] == "http://localhost/products/harbour-mug"


def test_api_errors_are_json(visitor: Client) -> None:
    answer = visitor.get("/api/products/unicorn.json")
    assert answer.status == 404
    assert "error" in answer.json()


def test_page_that_fetches(build: Path, tmp_path: Path) -> None:
    with serving(build, tmp_path / "shop") as port:
        answer = Visitor(port).get("/today")
    assert answer.status == 200
    assert f'src="http://127.0.0.1:{port}/images/' in answer.text
    assert re.search(
        r'<script nonce="[\w-]{24}">[^<]*const end = "\d{4}-\d\d-\d\dT00:00:00\+00:00";', answer.text
    )
    assert "there are 8 of them" in answer.text, "content for the layout's footer slot"


def test_static_files(visitor: Client) -> None:
    answer = visitor.get("/images/harbour-mug.svg")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.text == (SHOP / "public/images/harbour-mug.svg").read_text()
    again = visitor.get("/images/harbour-mug.svg", headers={"if-none-match": answer.headers["etag"]})
    assert again.status == 304


def test_every_product_has_a_picture(visitor: Client) -> None:
    pictures = {image["src"] for image in visitor.get("/").select("img")}
    assert len(pictures) >= 9
    assert {visitor.get(picture).status for picture in pictures} == {200}


def test_styles_are_scoped(visitor: Client) -> None:
    answer = visitor.get("/")
    found = re.search(r"article\[(data-astro-cid-\w+)\]", answer.text)
    assert found
    assert len(answer.select(f"article[{found[1]}]")) == 8


def test_a_component_alone(visitor: Client) -> None:
    price = visitor.module("components.Price")
    euro = visitor.module("lib.money").CURRENCIES["EUR"]
    astro = Astro(Request("GET", "http://localhost/"), locals={"currency": euro})
    assert "€" in render(price, astro, pence=2400).text


def post(visitor: Visitor, path: str, fields: dict[str, str]) -> Answer:
    body = urlencode(fields).encode()
    return visitor.ask("POST", path, body, content_type="application/x-www-form-urlencoded")


def test_two_workers_share_one_shop(build: Path, tmp_path: Path) -> None:
    with serving(build, tmp_path / "shop", "--workers", "2") as port:
        visitor = Visitor(port)
        post(visitor, "/login", LOGIN)
        assert {visitor.get("/account").status for _ in range(8)} == {200}
        post(visitor, "/cart", {"product": "harbour-mug", "add": "1"})
        assert post(visitor, "/checkout", {}).headers["location"].startswith("/account?order=")
        assert {"Order 1," in visitor.get("/account").text for _ in range(8)} == {True}
