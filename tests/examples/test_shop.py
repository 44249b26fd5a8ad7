"""The shop, as its visitors meet it: compiled, served by a process of its own, asked over HTTP."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPMessage
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

SHOP = Path(__file__).parents[2] / "examples" / "shop"
PYASTRO = [sys.executable, "-m", "pyastro.cli"]
SESSION = "pyastro-session"
LOGIN = {"email": "mira@example.com", "password": "porcelain"}


class Answer:
    """What came back for one request."""

    def __init__(self, status: int, headers: HTTPMessage, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.text = body.decode()
        self.cookies = SimpleCookie("\r\n".join(headers.get_all("set-cookie", [])))

    @property
    def location(self) -> str | None:
        return self.headers["location"]


class Visitor:
    """A browser without a screen: it keeps cookies, and follows no redirect."""

    def __init__(self, origin: str) -> None:
        self.netloc = urlsplit(origin).netloc
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = HTTPConnection(self.netloc, timeout=10)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        self._keep(answer.cookies)
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> Answer:
        headers = {"content-type": "application/x-www-form-urlencoded", **headers}
        return self.ask("POST", path, urlencode(fields or {}), **headers)

    def _keep(self, cookies: "SimpleCookie") -> None:
        for name, cookie in cookies.items():
            if cookie["expires"].startswith("Thu, 01 Jan 1970"):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = cookie.value


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop, compiled."""
    folder = tmp_path_factory.mktemp("shop") / "build"
    command = [*PYASTRO, "compile", str(SHOP / "pages"), "-o", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return folder


@contextmanager
def serving(build: Path, folder: Path, *options: str) -> Iterator[str]:
    """The address of the shop while it is served, with a folder for its data."""
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
        found = re.search(r"http://\S+", line)
        assert found, (line, (folder / "log").read_text())
        yield found[0]
    finally:
        process.terminate()
        process.stdout.close()
        assert process.wait(20) == 0


@pytest.fixture(scope="module")
def shop(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the shop."""
    with serving(build, tmp_path_factory.mktemp("data") / "shop") as origin:
        yield origin


@pytest.fixture
def visitor(shop: str) -> Visitor:
    """Somebody who comes for the first time."""
    return Visitor(shop)


@pytest.fixture
def customer(visitor: Visitor) -> Visitor:
    """Somebody who is signed in."""
    assert visitor.post("/login", LOGIN).status == 303
    return visitor


def test_home_lists_every_product(visitor: Visitor) -> None:
    answer = visitor.get("/")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("<!doctype html>")
    assert len(re.findall(r'href="/products/[a-z-]+"', answer.text)) == 8
    assert "<title>Stoneware by hand – Tern Pottery</title>" in answer.text


def test_home_needs_no_cookie(visitor: Visitor) -> None:
    assert visitor.get("/").headers["set-cookie"] is None


def test_middleware_completes_the_headers(visitor: Visitor) -> None:
    headers = visitor.get("/").headers
    assert headers["cache-control"] == "private, no-cache"
    assert headers["x-content-type-options"] == "nosniff"


def test_kinds_narrow_the_list(visitor: Visitor) -> None:
    text = visitor.get("/?kind=home").text
    assert re.findall(r'href="/products/([a-z-]+)"', text) == ["dusk-vase", "stone-planter"]
    assert re.search(r'class="filter chosen" aria-current="page"[^>]*>For the house<', text)
    assert visitor.get("/?kind=cars").status == 404


def test_product_page(visitor: Visitor) -> None:
    answer = visitor.get("/products/ember-teapot")
    assert answer.status == 200
    assert re.search(r"<h1[^>]*>Ember teapot</h1>", answer.text)
    assert "£78.00" in answer.text
    assert 'style="--glaze: #b5532f;"' in answer.text
    assert "Sits well beside it" in answer.text, "the content of a named slot"
    assert "From the shelf" not in answer.text, "the fallback that it replaces"
    head = answer.text.partition("</head>")[0]
    assert 'href="/api/products/ember-teapot.json"' in head


@pytest.mark.parametrize("path", ["/products/unicorn", "/nothing/here"])
def test_what_does_not_exist(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status == 404
    assert "This one broke in the kiln" in answer.text
    assert path in answer.text


def test_a_failure_shows_the_shops_own_page(visitor: Visitor) -> None:
    answer = visitor.get("/oops")
    assert answer.status == 500
    assert "That slipped through our fingers" in answer.text
    assert "the teapot has no lid" not in answer.text


def test_strangers_are_sent_to_the_login(visitor: Visitor) -> None:
    answer = visitor.get("/account")
    assert (answer.status, answer.location) == (302, "/login?next=%2Faccount")
    assert answer.text == ""


def test_login_leads_back(visitor: Visitor) -> None:
    answer = visitor.post("/login?next=%2Faccount", LOGIN)
    assert (answer.status, answer.location) == (303, "/account")
    account = visitor.get("/account", **{"user-agent": "Curl <1>"})
    assert account.status == 200
    assert "Hello, Mira" in account.text
    assert "Curl &lt;1&gt;" in account.text
    assert account.headers["cache-control"] == "no-store"


def test_session_cookie(visitor: Visitor) -> None:
    cookie = visitor.post("/login", LOGIN).cookies[SESSION]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "lax"
    assert cookie["path"] == "/"
    assert not cookie["secure"], "plain HTTP"


def test_login_changes_the_session_id(visitor: Visitor) -> None:
    visitor.post("/cart", {"product": "moss-bowl", "add": "1"})
    before = visitor.cookies[SESSION]
    visitor.post("/login", LOGIN)
    assert visitor.cookies[SESSION] != before
    assert "Moss bowl" in visitor.get("/cart").text, "the cart stays"


@pytest.mark.parametrize(
    "fields",
    [{**LOGIN, "password": "plastic"}, {**LOGIN, "email": "nobody@example.com"}, {}],
)
def test_wrong_login(visitor: Visitor, fields: dict[str, str]) -> None:
    answer = visitor.post("/login", fields)
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert visitor.cookies == {}


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example/", "/a\r\nx: y"]
)
def test_login_stays_on_the_site(visitor: Visitor, target: str) -> None:
    answer = visitor.post(f"/login?{urlencode({'next': target})}", LOGIN)
    assert (answer.status, answer.location) == (303, "/")


def test_cart(visitor: Visitor) -> None:
    assert "Your cart is empty" in visitor.get("/cart").text
    answer = visitor.post("/cart", {"product": "harbour-mug", "add": "2"})
    assert (answer.status, answer.location) == (303, "/cart")
    visitor.post("/cart", {"product": "harbour-mug", "add": "1"})
    visitor.post("/cart", {"product": "tide-plate", "add": "rubbish"})
    text = visitor.get("/cart").text
    assert re.findall(r'name="quantity" value="(\d+)"', text.replace("\n", " ")) == ["3", "1"]
    assert "£98.00" in text
    assert text.count('<script type="module">') == 1
    visitor.post("/cart", {"product": "harbour-mug", "quantity": "0"})
    assert "Harbour mug" not in visitor.get("/cart").text


def test_cart_takes_products_only(visitor: Visitor) -> None:
    assert visitor.post("/cart", {"product": "unicorn", "add": "1"}).status == 404


def test_other_sites_cannot_fill_the_cart(visitor: Visitor) -> None:
    fields = {"product": "harbour-mug", "add": "1"}
    assert visitor.post("/cart", fields, origin="https://evil.example").status == 403


def test_checkout(visitor: Visitor) -> None:
    visitor.post("/cart", {"product": "dusk-vase", "add": "2"})
    assert visitor.post("/checkout").location == "/login?next=/cart"
    visitor.post("/login", LOGIN)
    target = visitor.post("/checkout").location
    assert target is not None
    assert re.fullmatch(r"/account\?order=\d+", target)
    text = visitor.get(target).text
    assert "Thank you!" in text
    assert re.search(r'<li class="new"[^>]*>.*?2 pieces.*?£112\.00', text, re.DOTALL)
    assert "Your cart is empty" in visitor.get("/cart").text


def test_logout(customer: Visitor) -> None:
    old = dict(customer.cookies)
    answer = customer.post("/logout")
    assert (answer.status, answer.location) == (303, "/")
    assert SESSION not in customer.cookies
    customer.cookies = old
    assert customer.get("/account").status == 302, "the old cookie is worthless"


def test_logout_is_no_link(customer: Visitor) -> None:
    answer = customer.get("/logout")
    assert answer.status == 405
    assert "POST" in answer.headers["allow"]


def test_currency(visitor: Visitor) -> None:
    answer = visitor.post("/currency", {"currency": "EUR", "next": "/products/harbour-mug"})
    assert (answer.status, answer.location) == (303, "/products/harbour-mug")
    assert answer.cookies["currency"]["max-age"] == str(365 * 24 * 3600)
    text = visitor.get("/products/harbour-mug").text
    assert "€27.60" in text
    assert re.search(r'value="EUR" aria-pressed="true"', text)
    visitor.post("/currency", {"currency": "doubloon"})
    assert visitor.cookies["currency"] == "EUR"


def test_api(visitor: Visitor) -> None:
    answer = visitor.get("/api/products/harbour-mug.json")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=60"
    product = json.loads(answer.text)
    assert product["pence"] == 2400
    assert product["url"] == f"http://{visitor.netloc}/products/harbour-mug"


def test_api_errors_are_json(visitor: Visitor) -> None:
    answer = visitor.get("/api/products/unicorn.json")
    assert answer.status == 404
    assert "error" in json.loads(answer.text)


def test_page_that_fetches(visitor: Visitor) -> None:
    answer = visitor.get("/today")
    assert answer.status == 200
    assert f'src="http://{visitor.netloc}/images/' in answer.text
    assert re.search(r'<script>[^<]*const end = "\d{4}-\d\d-\d\dT00:00:00\+00:00";', answer.text)
    assert "there are 8 of them" in answer.text, "content for the layout's footer slot"


def test_static_files(visitor: Visitor) -> None:
    answer = visitor.get("/images/harbour-mug.svg")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.text == (SHOP / "public/images/harbour-mug.svg").read_text()
    again = visitor.get("/images/harbour-mug.svg", **{"if-none-match": answer.headers["etag"]})
    assert again.status == 304


def test_every_product_has_a_picture(visitor: Visitor) -> None:
    pictures = re.findall(r'src="(/[^"]+\.svg)"', visitor.get("/").text)
    assert len(set(pictures)) == 10
    assert {visitor.get(picture).status for picture in pictures} == {200}


def test_styles_are_scoped(visitor: Visitor) -> None:
    text = visitor.get("/").text
    found = re.search(r"article\[(data-astro-cid-\w+)\]", text)
    assert found
    assert f"<article {found[1]}>" in text


def test_two_workers_share_one_shop(build: Path, tmp_path: Path) -> None:
    with serving(build, tmp_path / "shop", "--workers", "2") as origin:
        visitor = Visitor(origin)
        visitor.post("/login", LOGIN)
        assert {visitor.get("/account").status for _ in range(8)} == {200}
        visitor.post("/cart", {"product": "harbour-mug", "add": "1"})
        assert (visitor.post("/checkout").location or "").startswith("/account?order=")
        assert {"Order 1," in visitor.get("/account").text for _ in range(8)} == {True}
