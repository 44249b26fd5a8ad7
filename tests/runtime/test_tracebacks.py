import hashlib
import json
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pyastro.runtime.line_map import read_line_map
from pyastro.runtime.loading import Build
from pyastro.runtime.tracebacks import rewrite, source_of

SOURCE = "---\nx = 1\ny = x / 0\n---\n<p>{y}</p>\n"
CODE = "def render(call=None):\n    x = 1\n    if call: call()\n    y = x / 0\n    return y\n"


def compiled(folder: Path, *, source: str = SOURCE, keep: bool = True) -> ModuleType:
    digest = hashlib.sha256(source.encode()).hexdigest()[:12]
    for name in ("build/pages", "pages"):
        (folder / name).mkdir(parents=True)
    if keep:
        (folder / "pages/index.astro").write_text(source)
    (folder / "build/pages/index.py").write_text(
        f"{CODE}# pyastro: pages/index.astro {digest} 2:2 3+2:2 5:5\n"
    )
    return Build(folder / "build").module("pages.index")


def caught(function: Any, *arguments: Any) -> BaseException:
    try:
        function(*arguments)
    except BaseException as error:
        return rewrite(error)
    raise AssertionError


def shown(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def test_a_line_map_is_the_last_line(tmp_path: Path) -> None:
    file = tmp_path / "build" / "components" / "Card.py"
    file.parent.mkdir(parents=True)
    file.write_text("x = 1\n# pyastro: components/My Card.astro 3f2a9c0d11aa 9:2 12+3:7\n")
    line_map = read_line_map(file)
    assert line_map is not None
    assert (line_map.source, line_map.hash) == ("components/My Card.astro", "3f2a9c0d11aa")
    assert line_map.lines == {9: 2, 12: 7, 13: 8, 14: 9}
    assert line_map.source_file() is None
    file.write_text("# pyastro: a.astro 3f2a9c0d11aa\nx = 1\n")
    assert read_line_map(file) is None
    file.write_text("# pyastro: a.astro 3f2a9c0d11aa")
    found = read_line_map(file)
    assert found is not None
    assert found.lines == {}


def test_the_traceback_shows_the_authors_line(tmp_path: Path) -> None:
    module = compiled(tmp_path)
    error = caught(module.render)
    text = shown(error)
    assert (
        f'File "{tmp_path}/pages/index.astro", line 3, in render\n    y = x / 0\n        ~~^~~\nZeroDivisionError'
        in text
    )
    assert "index.py" not in text
    assert f'File "{__file__}"' in text


@pytest.mark.parametrize(
    "line", ["y = [x / 0, x / 0]", "y = x /  0", "{é and x/ 0}"], ids=["twice", "other", "else"]
)
def test_nothing_is_marked_where_the_place_is_not_known(tmp_path: Path, line: str) -> None:
    text = shown(caught(compiled(tmp_path, source=SOURCE.replace("y = x / 0", line)).render))
    assert f"line 3, in render\n    {line}\nZeroDivisionError" in text


def test_the_mark_counts_in_bytes(tmp_path: Path) -> None:
    text = shown(caught(compiled(tmp_path, source=SOURCE.replace("y =", '"é€", ')).render))
    assert '    "é€",  x / 0\n           ~~^~~\n' in text


def test_another_source_shows_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = compiled(tmp_path)
    (tmp_path / "pages/index.astro").write_text("other\nother\nother\nother\n")
    monkeypatch.chdir(tmp_path)
    text = shown(caught(module.render))
    assert 'File "pages/index.astro", line 3, in render\nZeroDivisionError' in text
    assert "other" not in text


def test_the_source_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = compiled(tmp_path / "a", keep=False)
    (tmp_path / "b/pages").mkdir(parents=True)
    (tmp_path / "b/pages/index.astro").write_text(SOURCE)
    assert 'File "pages/index.astro", line 3' in shown(caught(module.render))
    monkeypatch.chdir(tmp_path / "b")
    assert f'File "{tmp_path}/b/pages/index.astro", line 3' in shown(caught(module.render))


def test_chains_and_groups(tmp_path: Path) -> None:
    module = compiled(tmp_path)

    def cause() -> None:
        try:
            module.render()
        except ZeroDivisionError as error:
            raise ValueError("outer") from error

    def context() -> None:
        try:
            module.render()
        except ZeroDivisionError:
            raise ValueError("outer")  # noqa: B904

    def group() -> None:
        try:
            module.render()
        except ZeroDivisionError as error:
            raise ExceptionGroup("several", [error])  # noqa: B904

    for function in (cause, context, group):
        text = shown(caught(function))
        assert "index.astro" in text
        assert "index.py" not in text


def test_loops_and_repeats(tmp_path: Path) -> None:
    module = compiled(tmp_path)
    error = caught(module.render)
    error.__cause__ = other = ValueError()
    other.__context__ = error
    before = shown(error)
    assert rewrite(error) is error
    assert shown(error) == before


def test_frames_of_the_runtime_on_the_way_are_left_out(tmp_path: Path) -> None:
    module = compiled(tmp_path)
    # A frame of the runtime between two of components, and one that raises the exception itself.
    text = shown(caught(module.render, lambda: Build(tmp_path / "missing").module("x")))
    assert "index.astro" in text
    assert "loading.py" in text
    between = compile(
        "def through(call): call()", str(Path(rewrite.__code__.co_filename).with_name("made_up.py")), "exec"
    )
    names: dict[str, Any] = {}
    exec(between, names)
    assert "made_up.py" not in shown(caught(names["through"], module.render))
    assert "made_up.py" in shown(caught(names["through"], lambda: 1 / 0))


def test_locals_are_kept_for_a_debugger(tmp_path: Path) -> None:
    entry = caught(compiled(tmp_path).render).__traceback__
    while entry is not None and entry.tb_next is not None:
        entry = entry.tb_next
    assert entry is not None
    assert source_of(entry.tb_frame) == "pages/index.astro"
    assert entry.tb_frame.f_locals["x"] == 1


def test_it_never_raises(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = compiled(tmp_path)
    monkeypatch.setattr(sys.modules["pyastro.runtime.tracebacks"], "find_origin", lambda path: 1 / 0)
    assert "index.py" in shown(caught(module.render))


AUTHORS = "from data import rates\n\ndef GET(context):\n    return rates[context]\n"
CARRIED = "from ...data import rates\n\ndef GET(context):\n    return rates[context]\n"


def carried(folder: Path, *, text: str = CARRIED) -> ModuleType:
    """An endpoint of a build, whose file has another name there, and the module that it imports."""
    files = {
        "pages/api/[id].py": AUTHORS,
        "data.py": "rates = {}\n",
        "build/pages/api/param_id.py": text,
        "build/data.py": "rates = {}\n",
    }
    sources = {
        name: hashlib.sha256(files[name].encode()).hexdigest() for name in ("pages/api/[id].py", "data.py")
    }
    route = {"module": "pages.api.param_id", "source": "pages/api/[id].py"}
    files["build/manifest.json"] = json.dumps({"sources": sources, "routes": [route]})
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return Build(folder / "build").module("pages.api.param_id")


def test_a_python_file_of_the_build_is_shown_as_the_authors(tmp_path: Path) -> None:
    text = shown(caught(carried(tmp_path).GET, "eur"))
    assert (
        f'File "{tmp_path}/pages/api/[id].py", line 4, in GET\n    return rates[context]\n           ~~~~~^^^^^^^^^\n'
        in text
    )


def test_a_python_file_that_changed_since_shows_no_line(tmp_path: Path) -> None:
    module = carried(tmp_path)
    (tmp_path / "pages/api/[id].py").write_text("changed\n" * 9)
    assert 'File "pages/api/[id].py", line 4, in GET\nKeyError' in shown(caught(module.GET, "eur"))


def test_an_import_that_fails_is_told_at_the_authors_import(tmp_path: Path) -> None:
    carried(tmp_path)
    (tmp_path / "build/data.py").write_text("")
    text = shown(caught(Build(tmp_path / "build").module, "pages.api.param_id"))
    assert f'File "{tmp_path}/pages/api/[id].py", line 1, in <module>\n    from data import rates\n' in text
    assert "importlib" not in text


@pytest.mark.parametrize("manifest", ["", "[]", '{"sources": []}', '{"sources": {}, "routes": []}'])
def test_a_module_that_no_manifest_knows_stays(tmp_path: Path, manifest: str) -> None:
    module = carried(tmp_path)
    (tmp_path / "build/manifest.json").write_text(manifest)
    assert "build/pages/api/param_id.py" in shown(caught(module.GET, "eur"))
