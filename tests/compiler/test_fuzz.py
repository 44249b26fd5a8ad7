"""The search itself: it holds for a while, finds what is planted, and tells how to try it again."""

import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from tests.compiler.fuzz import __main__ as command
from tests.compiler.fuzz import families
from tests.compiler.fuzz.families import Components, Elsewhere, rendered_otherwise
from tests.compiler.fuzz.oracle import Piece
from tests.compiler.fuzz.properties import Violation, violation
from tests.compiler.fuzz.python_sources import batches, differing
from tests.compiler.fuzz.shrink import shrunk

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.slow
def test_components_render_what_plain_python_finds() -> None:
    assert Components(1).step(60).failure is None


def test_an_oracle_that_disagrees() -> None:
    found = rendered_otherwise(Piece("<b>{1}</b>", "['<b>2</b>']"))
    assert found == Violation("another page", "'<b>1</b>' instead of '<b>2</b>'")


@pytest.mark.slow
def test_expressions_of_the_standard_library_mean_in_braces_what_they_mean_in_python() -> None:
    for batch in islice(batches(1), 40):
        assert differing(batch) is None


def test_a_difference_is_narrowed_to_one_expression() -> None:
    found = differing(["a", "b", "x y", "c"])
    assert found is not None and found[0] == "x y"


def test_other_interpreters_and_other_hashes() -> None:
    elsewhere = Elsewhere([sys.executable], 7)
    try:
        assert elsewhere.violation(b"<p class:list={{'a', 'b'}}>{x for x in {1, 2}}</p>") is None
        (other,) = elsewhere.others.values()
        assert other.ask("x = = 1") == "SyntaxError: invalid syntax (module, line 1)"
    finally:
        elsewhere.close()


def test_shrinking() -> None:
    assert shrunk(b"aaaXbbbbbbbYcc", lambda data: b"X" in data and b"Y" in data) == b"XY"


def test_a_source_that_is_no_text() -> None:
    assert violation(b"<p>\xff</p>") is None
    assert violation(b"\xef\xbb\xbf<p>\0</p>") is None


# ---------------------------------------------------------------- the command


def plant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every input with a slot in it fail."""

    def check(data: bytes, with_layout: bool = True) -> Violation | None:
        return Violation("planted", "a slot") if b"<slot" in data else None

    monkeypatch.setattr(families, "violation", check)
    monkeypatch.setattr(Elsewhere, "violation", lambda self, data: None)


def test_a_failure_is_made_small_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(monkeypatch)
    given = ["--seconds", "5", "--seed", "1", "--only", "truncations", "--save", str(tmp_path)]
    assert command.main(given) == 1
    said = capsys.readouterr().out
    assert "5 bytes: b'<slot'" in said
    kept = re.search(r"again: scripts/fuzz (--input \S+)", said)
    assert kept is not None
    assert command.main(kept[1].split()) == 1
    assert "\x1b" not in said


def test_nothing_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--seconds", "2", "--seed", "3", "--only", "mutations"]) == 0
    assert "0 failures" in capsys.readouterr().out


def test_one_file() -> None:
    assert command.main(["--input", str(ROOT / "fixtures/html/untouched/input.astro")]) == 0


def test_a_reader_that_goes_away() -> None:
    command_line = f"{sys.executable} -m tests.compiler.fuzz --seconds 1 --only sizes | true"
    done = subprocess.run(["sh", "-c", command_line], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
