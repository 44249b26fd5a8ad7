import asyncio
from pathlib import Path

import pytest

from pyastro.runtime.manifest import Manifest
from pyastro.runtime.static_paths import StaticPaths, StaticPathsError
from tests.runtime.site_builds import get, make_site, page, route

ROUTE = Manifest.from_json({"version": 1, "routes": [route("/[id]/[...rest]")]}).routes[0]


def test_props_by_params() -> None:
    calls = []

    async def get_static_paths() -> object:
        calls.append(1)
        await asyncio.sleep(0)
        return [
            {"params": {"id": 1}, "props": {"title": "one"}},
            {"params": {"id": "2", "rest": "a/b"}},
            {"params": {"id": "3", "rest": ""}},
        ]

    async def test() -> None:
        paths = StaticPaths(get_static_paths, ROUTE)
        one = {"id": "1", "rest": None}
        assert await asyncio.gather(*[paths.props(one) for _ in range(3)]) == [{"title": "one"}] * 3
        assert await paths.props({"id": "2", "rest": "a/b"}) == {}
        assert await paths.props({"id": "3", "rest": None}) == {}
        assert await paths.props({"id": "2", "rest": None}) is None
        assert calls == [1]

    asyncio.run(test())


@pytest.mark.parametrize(
    "value", [None, {}, "x", [1], [{}], [{"params": {}}], [{"params": {"id": 1}, "props": 3}]]
)
def test_what_is_no_list_of_params_is_an_error(value: object) -> None:
    with pytest.raises(StaticPathsError, match="get_static_paths"):
        asyncio.run(StaticPaths(lambda: value, ROUTE).props({"id": "1", "rest": None}))


def test_a_prerendered_page(tmp_path: Path) -> None:
    text = page("return Markup(f'{title} {context.params.slug}')", "context, *, title")
    text += "def get_static_paths():\n    return [{'params': {'slug': 'one'}, 'props': {'title': 'One'}}]\n"
    site = make_site(
        tmp_path, {"/post/[slug]": text, "/404": page("return Markup('nf')")}, prerender=("/post/[slug]",)
    )
    assert get(site, "/post/one") == (200, "One one")
    assert get(site, "/post/two") == (404, "nf")
