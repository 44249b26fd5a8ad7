"""Which changes of files the development server takes up."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pyastro.dev.watching import Watch


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Callable[[Callable[[], object]], set[str]]]:
    """A function that does something, and gives the files in which a change is noticed."""
    (tmp_path / "components").mkdir()
    (tmp_path / "components/Card.astro").write_text("old")
    stop = threading.Event()
    batches = Watch(tmp_path, stop).changes([])

    def noticed(deed: Callable[[], object]) -> set[str]:
        while next(batches):  # what the fixture wrote
            pass
        deed()
        found: set[Path] = set()
        for _ in range(50):
            batch = next(batches)
            if found and not batch:
                break
            found |= batch
        return {str(path.relative_to(tmp_path)) for path in found}

    yield noticed
    stop.set()


def replaced(by: Path, path: Path) -> None:
    """What `sed -i` and many editors do."""
    by.write_text("new")
    by.replace(path)


@pytest.mark.parametrize("name", ["sedBRzgrR", "4913", "Card.astro.XyZ123", "Card.astro___jb_tmp___"])
def test_the_file_that_an_editor_renames_is_no_change(
    name: str, watched: Callable[[Callable[[], object]], set[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "components"
    found = watched(lambda: replaced(folder / name, folder / "Card.astro"))
    assert found == {"components/Card.astro"}


def test_a_file_without_a_suffix_that_stays_or_goes_is_a_change(
    watched: Callable[[Callable[[], object]], set[str]], tmp_path: Path
) -> None:
    words = tmp_path / "words"
    assert watched(lambda: words.write_text("tea")) == {"words"}
    assert watched(words.unlink) == {"words"}
    card = tmp_path / "components/Card.astro"
    assert watched(card.unlink) == {"components/Card.astro"}
