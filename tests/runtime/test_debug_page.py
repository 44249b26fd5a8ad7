"""The development page, on real builds; its injections are judged by a browser's parser."""

import asyncio
import re
import warnings
from pathlib import Path
from urllib.parse import quote
from xml.etree.ElementTree import Element

import html5lib  # type: ignore[import-untyped]  # it has no types
import pytest

from pyastro.compiler.project import compile_project
from pyastro.runtime.debug_page import debug_page
from pyastro.runtime.debug_report import failures_of
from pyastro.runtime.request import Request
from pyastro.runtime.response import Response
from pyastro.runtime.sessions import MemoryStore
from pyastro.runtime.site import Site
from pyastro.runtime.tracebacks import rewrite

EVIL = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
SITE = {
    "pages/index.astro": """---
from ..layouts import Main
from ..components import Card
password = "hunter2"
items = [{"cents": "450", "token": "abc"}]
---
<Main title="Shop">
  {<li><Card item={i} /></li> for i in items}
</Main>
""",
    "layouts/Main.astro": "---\nclass Props:\n    title: str\n---\n<body><h1>{title}</h1>\n<slot /></body>\n",
    "components/Card.astro": """---
from lib.money import price
class Props:
    item: dict
---
<p>é {price(Astro.props.item)} €</p>
""",
    "lib/money.py": """def price(item):
    try:
        return item["cents"] / 100
    except TypeError as error:
        error.add_note("a note <b>")
        raise ValueError("no price for <b>") from error
""",
    "pages/api.py": "def GET(request):\n    return 1 / 0\n",
}


@pytest.fixture(autouse=True)
def _no_known_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests made a secret of this process is not masked here."""
    monkeypatch.setattr("pyastro.runtime.secret._known", set[str]())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    for name, text in SITE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    assert compile_project(folder / "pages", folder / "build").is_successful
    return Site.load(folder / "build", session_store=MemoryStore(), development=True)


def answer(site: Site, path: str = "/", accept: str = "text/html", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(
        "GET", f"http://localhost{path}", {"accept": accept, **named}, client_address="127.0.0.1"
    )
    return asyncio.run(site.handle(request))


def parsed(response: Response) -> Element:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # html5lib uses what newer Pythons deprecate
        document: Element = html5lib.parse(asyncio.run(response.text()), namespaceHTMLElements=False)
    return document


def texts(root: Element, path: str) -> list[str]:
    return [re.sub(r"\s+", " ", "".join(found.itertext())).strip() for found in root.findall(path)]


def test_the_page_tells_all(site: Site) -> None:
    response = answer(site, "/?page=2")
    assert (response.status, response.headers["cache-control"]) == (500, "no-store")
    root = parsed(response)
    assert texts(root, ".//title") == ["ValueError: no price for <b>"]
    assert texts(root, ".//h1") == ["no price for <b>", "unsupported operand type(s) for /: 'str' and 'int'"]
    assert texts(root, ".//p[@class='note']") == ["a note <b>"]
    first = root.find(".//div[@class='card']")
    assert first is not None
    assert texts(first, "./div") == ["lib/money.py:6 in price"]
    assert texts(first, ".//span[@class='l bad']") == ['6 raise ValueError("no price for <b>") from error']
    assert "Caused by" in texts(root, ".//h2")
    assert "This page is shown because the site runs in development" in texts(root, ".//footer")[0]


def test_the_components_from_the_page_inwards(site: Site) -> None:
    root = parsed(answer(site))
    assert texts(root, ".//ol[@class='stack card']/li") == [
        'pages/index.astro:7 <Main title="Shop">',
        "layouts/Main.astro:6 <slot /></body>",
        "pages/index.astro:8 {<li><Card item={i} /></li> for i in items}",
        "components/Card.astro:6 <p>é {price(Astro.props.item)} €</p>",
    ]
    ids = {element.get("id") for element in root.iter("details")}
    assert {link.get("href", "")[1:] for link in root.findall(".//ol//a")} <= ids


def test_the_code_that_failed_is_marked_and_its_values_are_there(site: Site) -> None:
    root = parsed(answer(site))
    card = next(each for each in root.iter("details") if "Card.astro" in texts(each, "summary")[0])
    assert card.get("open") is not None
    assert texts(card, ".//mark") == ["price(Astro.props.item)"]
    assert texts(card, ".//tr") == [
        "item{'cents': '450', 'token': ••••••}",
        "Astro.props{'item': {'cents': '450', 'token': ••••••}}",
        "Astro.paramsParams({})",
    ]
    page = [each for each in root.iter("details") if "index.astro" in texts(each, "summary")[0]]
    assert "password••••••" in texts(page[-1], ".//tr")


def test_the_request_without_its_secrets(site: Site) -> None:
    root = parsed(
        answer(
            site,
            "/?page=2&token=t0p",
            cookie="session=s3cret",
            authorization="Basic s3cret",
            x_a="b",
            x_request_id="r-1",
        )
    )
    rows = texts(root, ".//div[@class='card']/table//tr")
    assert {
        "URLhttp://localhost/",
        "client127.0.0.1",
        "request idr-1",
        "?page2",
        "?token••••••",
        "x-ab",
    } <= set(rows)
    everything = "".join(root.itertext())
    assert "s3cret" not in everything and "t0p" not in everything


def test_it_needs_no_scripts_and_allows_none(site: Site) -> None:
    response = answer(site)
    assert parsed(response).find(".//script") is None
    assert response.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'unsafe-inline'"
    )
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("accept", ["*/*", "", "text/plain", "image/png"])
def test_text_for_who_reads_no_html(site: Site, accept: str) -> None:
    response = answer(site, accept=accept)
    text = asyncio.run(response.text())
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.status == 500
    assert 'components/Card.astro", line 6, in render\n    <p>é {price(Astro.props.item)} €</p>' in text
    assert text.endswith("ValueError: no price for <b>\n")


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json, */*;q=0.1"])
def test_json_for_who_asks_for_it(site: Site, accept: str) -> None:
    response = answer(site, "/api", accept=accept)
    assert response.headers["content-type"] == "application/json"
    data = asyncio.run(response.json())
    assert data["status"] == 500 and data["request_id"]
    (error,) = data["errors"]
    assert (error["type"], error["message"]) == ("ZeroDivisionError", "division by zero")
    assert error["frames"] == [{"file": "pages/api.py", "line": 2, "function": "GET"}]


def caught(error: BaseException, **values: object) -> BaseException:
    def fail(values: object) -> None:
        raise error

    try:
        fail(values)
    except BaseException as raised:
        return rewrite(raised)
    raise AssertionError


def element_names(response: Response) -> set[str]:
    return {element.tag for element in parsed(response).iter() if isinstance(element.tag, str)}


def test_all_that_is_echoed_is_escaped(tmp_path: Path) -> None:
    plain = Request("GET", "http://localhost/", {"accept": "text/html"})
    allowed = element_names(debug_page(caught(ValueError("x"), a=1), plain)) | {"mark"}
    error = type(EVIL, (ValueError,), {})(EVIL)
    error.add_note(EVIL)
    code = compile("def f(): raise error\nf()", str(tmp_path / EVIL.replace("/", "∕")), "exec")
    try:
        exec(code, {"error": error})
    except ValueError as raised:
        failed = caught(raised, **{EVIL: EVIL})
    url = f"http://localhost/{quote(EVIL)}?{quote(EVIL)}={quote(EVIL)}"
    request = Request("GET", url, {"accept": "text/html", "x-evil": EVIL}, client_address=EVIL)
    response = debug_page(BaseExceptionGroup(EVIL, [ValueError(EVIL), failed]), request)
    root = parsed(response)
    assert element_names(response) <= allowed
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert "".join(root.itertext()).count("<script>alert(1)</script>") >= 6


def test_groups_causes_and_loops() -> None:
    inner = ValueError("inner")
    inner.__cause__ = KeyError("cause")
    inner.__cause__.__context__ = inner
    group = ExceptionGroup("several", [inner, TypeError("other")])
    found = [(failure.relation, failure.kind) for failure in failures_of(group)]
    assert found == [
        ("", "ExceptionGroup"),
        ("1 of 2 in ExceptionGroup", "ValueError"),
        ("Caused by", "KeyError"),
        ("2 of 2 in ExceptionGroup", "TypeError"),
    ]
    deep: Exception = ValueError("0")
    for number in range(1, 500):
        deep, previous = ValueError(str(number)), deep
        deep.__cause__ = previous
    assert len(failures_of(deep)) == 20


def test_an_endless_recursion_is_short() -> None:
    def again() -> None:
        again()

    try:
        again()
    except RecursionError as error:
        (failure,) = failures_of(rewrite(error))
        assert 10 < len(failure.frames) <= 60


def test_a_syntax_error_is_shown_where_it_is(tmp_path: Path) -> None:
    file = tmp_path / "rates.py"
    file.write_text("rates = {\n  'é': 1 2,\n}\n", "utf-8")
    with pytest.raises(SyntaxError) as caught:
        compile(file.read_text("utf-8"), str(file), "exec")
    (failure,) = failures_of(caught.value)
    assert failure.place is not None
    assert (failure.place.file, failure.place.line, failure.place.code) == (str(file), 2, "'é': 1 2,")
    failing = next(line for line in failure.place.lines if line.is_failing)
    assert failing.span is not None and failing.text[slice(*failing.span)] == "1 2"


def test_exceptions_that_cannot_be_shown() -> None:
    class Bad(Exception):
        def __str__(self) -> str:
            raise SystemExit

    bad = Bad()
    bad.__notes__ = [1, "note"]  # type: ignore[list-item]  # nobody checks
    response = debug_page(caught(bad), Request("GET", "http://localhost/", {"accept": "text/html"}))
    assert texts(parsed(response), ".//h1") == ["(its message cannot be shown)"]
