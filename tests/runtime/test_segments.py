import time

import pytest

from pyastro.runtime.manifest import Segment
from pyastro.runtime.segments import segment_pattern

LANG_VERSION: Segment = (("param", "lang"), ("static", "-"), ("param", "version"))
JSON: Segment = (("param", "id"), ("static", ".json"))


@pytest.mark.parametrize(
    ("segment", "text", "expected"),
    [
        (LANG_VERSION, "en-v1", ("en", "v1")),
        (LANG_VERSION, "en-v1-2", ("en", "v1-2")),
        (LANG_VERSION, "--x", ("-", "x")),
        (LANG_VERSION, "-v1", None),
        (LANG_VERSION, "en-", None),
        (LANG_VERSION, "en", None),
        (JSON, "7.json", ("7",)),
        (JSON, "a.json.json", ("a.json",)),
        (JSON, ".json", None),
        (JSON, "7", None),
        ((("param", "id"),), "a/b\nc", ("a/b\nc",)),
        ((("param", "id"),), "", None),
        ((("param", "a"), ("param", "b")), "xyz", ("x", "yz")),
        ((("static", "p-"), ("rest", "r"), ("static", ".md")), "p-.md", ("",)),
        ((("static", "ab"), ("rest", "r"), ("static", "ba")), "aba", None),
    ],
)
def test_match(segment: Segment, text: str, expected: tuple[str, ...] | None) -> None:
    assert segment_pattern(segment).match(text) == expected


def test_matching_takes_linear_time() -> None:
    segment: Segment = (
        *LANG_VERSION,
        ("static", "-"),
        ("param", "x"),
        ("static", "-"),
        ("param", "y"),
        ("static", "!z"),
    )
    start = time.perf_counter()
    assert segment_pattern(segment).match("-" * 100_000 + "z") is None
    assert time.perf_counter() - start < 1
