"""Fair turns, and what is made of the times."""

import gc
from collections.abc import Callable, Mapping, Sequence
from statistics import median

Measure = Callable[[int], float]
"""Does something so many times, and gives the seconds of processor time that it took."""

WARM_UP = 5
"""Turns before the first that counts."""


def calibrate(measure: Measure, seconds: float) -> int:
    """How many times fill about so many seconds; what runs is warm then."""
    times = 1
    while (took := measure(times)) < seconds / 4 and times < 10**7:
        times *= 2
    return max(1, round(times * seconds / max(took, 1e-9)))


def take_turns(measures: Mapping[str, Measure], rounds: int, seconds: float) -> dict[str, list[float]]:
    """For each name the seconds that one time took, in each round.

    Every round gives each one turn, beginning with another one each time: what disturbs the machine hits all alike.
    """
    times = {name: calibrate(measure, seconds) for name, measure in measures.items()}
    for (
        name,
        measure,
    ) in measures.items():  # a compiler that works while a program runs needs some time for it
        measure(WARM_UP * times[name])
    results: dict[str, list[float]] = {name: [] for name in measures}
    names = list(measures)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            gc.collect()
            results[name].append(measures[name](times[name]) / times[name])
    return results


def ratio(times: Sequence[float], others: Sequence[float]) -> float:
    """How many times as long the first took: the median over the rounds, each of which compares neighbours in time."""
    return median(one / other for one, other in zip(times, others, strict=True))
