"""Turns are fair, and the statistics are right. Time is made up here."""

from collections.abc import Callable

import pytest

from benchmarks.rounds import calibrate, ratio, take_turns


def test_calibrate_fills_the_turn() -> None:
    asked = []

    def measure(times: int) -> float:
        asked.append(times)
        return times * 0.001

    assert calibrate(measure, 0.1) == 100
    assert asked == [1, 2, 4, 8, 16, 32]


def test_calibrate_runs_what_is_slow_once() -> None:
    assert calibrate(lambda times: times * 10.0, 0.1) == 1


def test_all_take_turns_and_somebody_else_begins_each_round() -> None:
    log: list[str] = []

    def contestant(name: str, cost: float) -> Callable[[int], float]:
        def measure(times: int) -> float:
            log.append(name)
            return times * cost

        return measure

    measures = {"a": contestant("a", 1.0), "b": contestant("b", 2.0), "c": contestant("c", 3.0)}
    results = take_turns(measures, rounds=3, seconds=0.1)
    assert "".join(log[-9:]) == "abcbcacab"
    assert results == {"a": [1.0] * 3, "b": [2.0] * 3, "c": [3.0] * 3}


def test_what_slows_a_whole_round_does_not_change_the_ratio() -> None:
    ours, theirs = [1.0, 5.0, 1.0], [2.0, 10.0, 2.0]
    assert ratio(theirs, ours) == 2.0
    assert ratio([1.0, 1.0, 9.0], [1.0, 1.0, 1.0]) == 1.0


def test_rounds_that_do_not_belong_together_are_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratio([1.0], [1.0, 2.0])
