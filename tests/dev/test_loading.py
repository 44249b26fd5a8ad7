"""The code of modules, kept from one process of the development server for the next."""

from pathlib import Path

import pytest

from pyastro.dev import loading
from pyastro.dev.builder import Builder
from pyastro.dev.loading import CodeCache
from pyastro.runtime import origins
from tests.dev.servers import write_site

SITE = {
    "pages/index.astro": "---\nfrom ..lib.words import WORD\n---\n<h1>{WORD}</h1>\n",
    "lib/words.py": "WORD = 'one'\n",
}


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    builder = Builder(write_site(tmp_path, SITE) / "pages")
    builder.run()
    return builder


def load(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a process compiles that loads all modules and ends."""
    cache = CodeCache(builder.build.with_suffix(".code"))
    compiled: list[str] = []
    real = loading._Loader.compiled
    with monkeypatch.context() as patch:
        patch.setattr(
            loading._Loader, "compiled", lambda self, name: [compiled.append(name), real(self, name)][1]
        )
        for name in ("pages/index.py", "lib/words.py"):
            loader = loading._Loader(name, str(builder.build / name), cache)
            code = loader.get_code(name)
            expected = builder.root / "pages/index.astro" if "pages" in name else builder.build / name
            assert code.co_filename == str(expected)
    cache.keep()
    return compiled


def test_the_next_process_compiles_what_has_changed(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load(builder, monkeypatch) == ["pages/index.py", "lib/words.py"]
    assert load(builder, monkeypatch) == []
    (builder.root / "lib/words.py").write_text("WORD = 'another'\n")
    builder.run()
    assert load(builder, monkeypatch) == ["lib/words.py"]
    assert load(builder, monkeypatch) == []


def test_it_still_knows_which_component_the_code_is_from(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(builder, monkeypatch)
    monkeypatch.setattr(origins, "_components", {})
    assert load(builder, monkeypatch) == []
    origin = origins.find_origin(str(builder.root / "pages/index.astro"))
    assert origin is not None
    assert origin.source == "pages/index.astro"


@pytest.mark.parametrize("content", [b"", b"x", b"N", b"(\x02\x00\x00\x00N"])
def test_a_file_that_is_damaged_is_nobodys_loss(
    content: bytes, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(builder, monkeypatch)
    builder.build.with_suffix(".code").write_bytes(content)
    assert load(builder, monkeypatch) == ["pages/index.py", "lib/words.py"]


def test_another_compiler_has_other_code(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    load(builder, monkeypatch)
    monkeypatch.setattr(loading, "compiler_fingerprint", lambda: "another")
    assert load(builder, monkeypatch) == ["pages/index.py", "lib/words.py"]


def test_a_module_that_is_gone_is_forgotten(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    load(builder, monkeypatch)
    gone = str(builder.build / "lib/words.py")
    cache = CodeCache(builder.build.with_suffix(".code"))
    assert gone in cache._known
    Path(gone).unlink()
    cache.keep()
    assert gone not in CodeCache(builder.build.with_suffix(".code"))._known
