"""The kinds of inputs, each as something that can be asked for a little more searching."""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.compiler.fuzz import inputs, python_sources
from tests.compiler.fuzz.oracle import Piece, components, expected
from tests.compiler.fuzz.properties import Interpreter, Violation, compiled, violation
from tests.compiler.fuzz.shrink import shrunk
from tests.compiler.lone import render_text

LAYOUT_EVERY, ELSEWHERE_EVERY = 20, 10
"""black takes most of the time, and other interpreters some: they see one input in so many."""


class Failure(NamedTuple):
    """A property that does not hold, and the smallest input found for which it does not."""

    family: str
    violation: Violation
    data: bytes


class Search(NamedTuple):
    """What one step of a search gives: how many inputs it tried, and the first failure among them."""

    tried: int
    failure: Failure | None


class Family(Protocol):
    """A kind of inputs."""

    name: str

    def step(self) -> Search | None:
        """Search a little; None when there are no more inputs."""


class Elsewhere:
    """Other interpreters, and this one with other hashes: all must take a module, and give the same."""

    def __init__(self, executables: Sequence[str], hash_seed: int) -> None:
        self.others = {executable: Interpreter.other(executable) for executable in executables}
        self.hashes = Interpreter.with_other_hashes(str(hash_seed))

    def violation(self, data: bytes) -> Violation | None:
        """What is wrong elsewhere with the module of an input."""
        code = compiled(data).code
        if code != self.hashes.answer(data.hex()):
            return Violation("another module with other hashes", "the text differs")
        for executable, other in self.others.items() if code is not None else ():
            answer = other.ask(code)
            if answer is not None:
                return Violation(f"refused by {executable}", str(answer))
        return None

    def close(self) -> None:
        """End the processes."""
        for each in (*self.others.values(), self.hashes):
            each.close()


class Texts:
    """Inputs that are only looked at for the properties that hold for every input."""

    def __init__(
        self, name: str, texts: Iterator[bytes], with_layout: bool, elsewhere: Elsewhere | None
    ) -> None:
        self.name = name
        self.texts = texts
        self.with_layout = with_layout
        self.elsewhere = elsewhere
        self.count = 0

    def step(self) -> Search | None:
        data = next(self.texts, None)
        if data is None:
            return None
        self.count += 1
        fails = self.checks()
        found = fails(data)
        if found is None:
            return Search(1, None)
        kind = found.kind
        small = shrunk(data, lambda each: (again := fails(each)) is not None and again.kind == kind)
        return Search(1, Failure(self.name, fails(small) or found, small))

    def checks(self) -> Callable[[bytes], Violation | None]:
        """What this input is asked."""
        with_layout = self.with_layout and self.count % LAYOUT_EVERY == 0
        elsewhere = self.elsewhere if self.count % ELSEWHERE_EVERY == 0 else None

        def check(data: bytes) -> Violation | None:
            found = violation(data, with_layout)
            return found or (elsewhere.violation(data) if elsewhere else None)

        return check


class Components:
    """Components made by a grammar: what they render is what plain Python finds."""

    name = "components"

    def __init__(self, number: int) -> None:
        self.chance = random.Random(number)

    def step(self, examples: int = 25) -> Search:
        last: list[tuple[Piece, Violation]] = []

        @seed(self.chance.randrange(2**32))
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )
        @given(components())
        def search(component: Piece) -> None:
            found = rendered_otherwise(component) or violation(component.source.encode(), with_layout=False)
            if found is not None:
                last.append((component, found))
                raise AssertionError(found.kind)

        try:
            search()
        except AssertionError:
            component, found = last[-1]  # hypothesis ends with the smallest
            return Search(examples, Failure(self.name, found, component.source.encode()))
        return Search(examples, None)


def rendered_otherwise(component: Piece) -> Violation | None:
    """What is wrong with what a component renders."""
    meant = expected(component)
    try:
        found = render_text(component.source).strip()
    except Exception as error:
        return Violation(f"{type(error).__name__} instead of a page", f"{error}; expected {meant!r}")
    if found != meant:
        return Violation("another page", f"{found!r} instead of {meant!r}")
    return None


class PythonSources:
    """Expressions of the standard library."""

    name = "python"

    def __init__(self, number: int) -> None:
        self.batches = python_sources.batches(number)

    def step(self) -> Search | None:
        batch = next(self.batches, None)
        if batch is None:
            return None
        found = python_sources.differing(batch)
        failure = Failure(self.name, found[1], f"{{{found[0]}}}".encode()) if found else None
        return Search(len(batch), failure)


def families(number: int, elsewhere: Elsewhere | None) -> list[Family]:
    """All of them, for a seed."""
    return [
        Texts("truncations", inputs.truncations(number), True, elsewhere),
        Texts("mutations", inputs.mutations(number), True, elsewhere),
        Texts("soups", inputs.soups(number), True, elsewhere),
        Texts("sizes", inputs.sizes(number), False, None),
        Components(number),
        PythonSources(number),
    ]
