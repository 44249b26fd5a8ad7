"""The blog, built as its author would: which pages there are, what is in them, and that every link leads somewhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from tests.links import dead_links

pytest.importorskip("markdown_it")
BLOG = Path(__file__).parents[2] / "examples/blog"
ORIGIN = "https://tidelines.example"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pyastro build` makes of it."""
    folder = tmp_path_factory.mktemp("blog") / "site"
    shutil.copytree(BLOG, folder, ignore=shutil.ignore_patterns("dist", ".pyastro", "__pycache__"))
    command = [sys.executable, "-W", "error", "-m", "pyastro.cli", "build"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "dist"


def read(dist: Path, file: str) -> str:
    return (dist / file).read_text("utf-8")


def test_the_pages(dist: Path) -> None:
    files = {
        Path(place, name).relative_to(dist).as_posix() for place, _, names in os.walk(dist) for name in names
    }
    assert {
        "404.html",
        "about/index.html",
        "blog/2/index.html",
        "blog/index.html",
        "index.html",
        "posts/reading-a-tide-table/index.html",
        "robots.txt",
        "rss.xml",
        "sitemap.xml",
        "tags/how-to/index.html",
        "tags/index.html",
    } <= files
    assert not [file for file in files if "winter-plans" in file]


def test_every_link_leads_somewhere(dist: Path) -> None:
    assert dead_links(dist) == []
    assert dead_links(dist, ORIGIN) == []


def test_a_post_has_all_that_markdown_can(dist: Path) -> None:
    html = read(dist, "posts/reading-a-tide-table/index.html")
    for part in (
        "<table>",
        'class="highlight"',
        'class="footnotes"',
        "<aside",
        'href="#the-rule-of-twelfths"',
        "Ada Strand",
        'width="704" height="264" loading="lazy"',
    ):
        assert part in html
    assert f'<link rel="canonical" href="{ORIGIN}/posts/reading-a-tide-table/" />' in html


def test_lists_come_in_pages(dist: Path) -> None:
    first, second = read(dist, "blog/index.html"), read(dist, "blog/2/index.html")
    assert 'href="/blog/2/" rel="next"' in first and 'href="/blog/" rel="prev"' in second
    assert first.count("<time") == 4 and second.count("<time") == 2
    assert read(dist, "tags/weather/index.html").count("<time") == 2


def test_feed_and_site_map_have_whole_addresses(dist: Path) -> None:
    feed = parse(dist / "rss.xml")
    links = [item.findtext("link") or "" for item in feed.iter("item")]
    assert len(links) == 6
    assert links[0] == f"{ORIGIN}/posts/a-tide-clock-of-wood/"
    places = [each.text or "" for each in parse(dist / "sitemap.xml").iter() if each.tag.endswith("loc")]
    assert set(links) < set(places)
    assert all((dist / place.removeprefix(ORIGIN).strip("/") / "index.html").is_file() for place in places)
    assert read(dist, "robots.txt").endswith(f"Sitemap: {ORIGIN}/sitemap.xml\n")


def test_light_and_dark(dist: Path) -> None:
    home, (sheet,) = read(dist, "index.html"), list((dist / "_astro").glob("*.css"))
    assert f'<link rel="stylesheet" href="/_astro/{sheet.name}">' in home
    assert "prefers-color-scheme: dark" in sheet.read_text() and 'data-theme="dark"' in sheet.read_text()
    assert home.index("localStorage") < home.index("<body")
    assert "prefers-color-scheme: dark" in read(dist, "code.css")
