import json
from collections.abc import Callable
from pathlib import Path

from pyastro.compiler.project.layout import Layout, discover

Write = Callable[..., Path]
MANIFEST_OF_OURS = json.dumps(
    {"version": 1, "routes": [], "errors": {}, "middleware": None, "public": {}, "sources": {}, "config": {}}
)


def found(root: Path, output: Path | None = None) -> Layout:
    layout, problems = discover(root / "pages", output)
    assert problems == []
    return layout


def test_the_files_below_the_parent_of_the_pages_belong(write: Write) -> None:
    root = write(
        {
            "pages/index.astro": "",
            "pages/api/data.py": "",
            "pages/_private/helper.py": "",
            "components/Card.astro": "",
            "middleware.py": "",
            "lib/util.py": "",
            "README.md": "",
        }
    )
    layout = found(root)
    assert layout.components == ("components/Card.astro", "pages/index.astro")
    assert layout.endpoints == ("pages/api/data.py",)
    assert layout.python == ("lib/util.py", "middleware.py", "pages/_private/helper.py", "pages/api/data.py")
    assert layout.middleware == "middleware.py"


def test_what_is_no_source_is_left_out(write: Write) -> None:
    root = write(
        {
            "pages/index.astro": "",
            ".git/x.astro": "",
            "components/._Card.astro": "",
            "components/.astro": "",
            "node_modules/x/x.astro": "",
            "venv/pyvenv.cfg": "",
            "venv/x.astro": "",
            "public/x.astro": "",
            "dist/x.astro": "",
            "lib/__pycache__/x.astro": "",
            "out/x.astro": "",
            "old/manifest.json": MANIFEST_OF_OURS,
            "old/x.astro": "",
            "other/pyproject.toml": "",
            "other/pages/deep/x.astro": "",
            "other/components/x.astro": "",
        }
    )
    assert found(root, root / "out").components == ("pages/index.astro",)


def test_names_that_are_special_only_elsewhere_are_sources(write: Write) -> None:
    root = write(
        {
            "pages/index.astro": "",
            "pages/public/index.astro": "",
            "pages/dist/index.astro": "",
            "pages/.well-known/x.astro": "",
            "other/pages/x.astro": "",
            "data/manifest.json": json.dumps({"name": "a web app"}),
            "data/x.astro": "",
        }
    )
    assert found(root).components == (
        "data/x.astro",
        "other/pages/x.astro",
        "pages/.well-known/x.astro",
        "pages/dist/index.astro",
        "pages/index.astro",
        "pages/public/index.astro",
    )


def test_public_files_are_found_without_hidden_ones(write: Write) -> None:
    root = write(
        {
            "pages/index.astro": "",
            "public/robots.txt": "",
            "public/img/a.png": "",
            "public/.env": "",
            "public/.git/config": "",
            "public/.well-known/security.txt": "",
        }
    )
    assert found(root).public == (".well-known/security.txt", "img/a.png", "robots.txt")


def test_loops_of_links_end(write: Write) -> None:
    root = write({"pages/index.astro": "", "a/x.astro": "", "b/y.astro": ""})
    (root / "a/up").symlink_to(root)
    (root / "a/b").symlink_to(root / "b")
    (root / "b/a").symlink_to(root / "a")
    (root / "self").symlink_to(root / "self")
    (root / "broken.astro").symlink_to(root / "nowhere")
    components = found(root).components
    assert {"a/x.astro", "a/b/y.astro", "b/a/x.astro", "pages/index.astro"} <= set(components)


def test_many_links_between_folders_end_soon(write: Write) -> None:
    names = [f"d{number}" for number in range(8)]
    root = write({"pages/index.astro": "", **{f"{name}/x.astro": "" for name in names}})
    for name in names:
        for other in names:
            (root / name / f"to_{other}").symlink_to(root / other)
    assert len(found(root).components) < 5000


def test_one_folder_may_be_linked_twice(write: Write) -> None:
    root = write({"pages/en/index.astro": ""})
    (root / "pages/de").symlink_to("en")
    (root / "pages/fr").symlink_to("en")
    assert found(root).components == ("pages/de/index.astro", "pages/en/index.astro", "pages/fr/index.astro")


def test_names_that_cannot_be_told_are_errors(write: Write) -> None:
    root = write({"pages/index.astro": "", "pages/a\nb.astro": "", "pages/a\\b.astro": ""})
    (root / "pages").joinpath("x").mkdir()
    bad = bytes(root / "pages/x") + b"/\xff.astro"
    with open(bad, "wb"):
        pass
    layout, problems = discover(root / "pages")
    assert layout.components == ("pages/index.astro",)
    assert [p.code for p in problems] == ["unusable-file-name"] * 3
    assert all(p.path.isprintable() for p in problems)


def test_a_component_goes_before_the_endpoint_of_its_name(write: Write) -> None:
    root = write({"pages/about.astro": "", "pages/about.py": ""})
    assert found(root).modules == {
        "pages/about.astro": "pages.about",
        "pages/about.py": "pages.about_endpoint",
    }


def test_pages_may_have_another_name(write: Write) -> None:
    root = write({"views/index.astro": "", "views/_x.astro": "", "dist/index.astro": ""})
    layout, _ = discover(root / "views")
    assert layout.is_page("views/index.astro")
    assert not layout.is_page("views/_x.astro")
    assert not layout.is_page("pages/x.astro")
    assert discover(root / "dist")[0].components == (
        "dist/index.astro",
        "views/_x.astro",
        "views/index.astro",
    )
