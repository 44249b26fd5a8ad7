"""What of this machine is in no pack: its secrets, its paths, the sources, and what lies beside the site."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyastro.adapters.registry import OWN
from tests.adapters.test_pyodide import build, install_sdk, site

pytestmark = pytest.mark.slow

SECRET = "a-secret-of-this-machine-that-stays-at-home"
FILES = {
    "pages/index.astro": "---\nfrom ..lib import words\n---\n{# a note of the author's #}\n<p>{words.HELLO}{Astro.url}</p>",
    "pages/about.astro": "---\nprerender = True\nfrom leakyshop import PRICE\n---\n<p>{PRICE}</p>",
    "pages/_draft.txt": "a draft",
    "lib/words.py": 'HELLO = "Hello"\n',
    "lib/notes.txt": "for nobody",
    "public/a.txt": "a",
    ".env": f"KEY={SECRET}\n",
    ".git/config": SECRET,
    "pyproject.toml": f'[project]\nname = "{SECRET}"\n',
}
OF_THE_AUTHOR = (b"a note of the author", b"a draft", b"for nobody", b"{words.HELLO}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site beside what is nobody's business, with a package that is worked on."""
    install_sdk(tmp_path / "packages", monkeypatch)
    shop = tmp_path / "packages/leakyshop"
    for name in ("__init__.py", ".env", ".git/config"):
        (shop / name).parent.mkdir(parents=True, exist_ok=True)
        (shop / name).write_text("PRICE = 1\n" if name.endswith(".py") else SECRET)
    monkeypatch.setenv("PYASTRO_SECRET", SECRET)
    monkeypatch.setenv("KEY", SECRET)
    return tmp_path


def contents(pack: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a pack, those of its archives among them."""
    for path in sorted(pack.rglob("*")):
        if path.is_file():
            yield path.relative_to(pack).as_posix(), path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    yield from ((f"{path.name}/{name}", archive.read(name)) for name in archive.namelist())


@pytest.mark.parametrize("adapter", sorted(OWN))
def test_a_pack_holds_nothing_of_this_machine(adapter: str, folder: Path) -> None:
    assert build(site(folder / "site", adapter, FILES, '[session]\ndriver = "cookie"\n')) == 0
    names = []
    for name, data in contents(folder / "site/dist"):
        names.append(name)
        assert SECRET.encode() not in data, name
        assert str(folder).encode() not in data, name
        assert not [text for text in OF_THE_AUTHOR if text in data], name
    assert not [name for name in names if name.endswith((".astro", ".env")) or "/.git/" in name]
    assert any(name.endswith("about/index.html") for name in names)
    assert any(name.endswith("leakyshop/__init__.py") for name in names) == (
        adapter not in ("static", "server")
    )
