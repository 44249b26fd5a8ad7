"""Our dataclasses are those of the standard library, method for method: each test asks both."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

import pytest

import pyastro.values

T = TypeVar("T")


def classes(maker: Any) -> SimpleNamespace:
    """The same classes, made by one or by the other."""
    dataclass, field = maker.dataclass, maker.field

    @dataclass(frozen=True, slots=True)
    class Point:
        """A point."""

        x: int
        y: int = 2
        notes: list[int] = field(default_factory=list, compare=False)
        secret: str = field(default="s", repr=False)

        @property
        def sum(self) -> int:
            return self.x + self.y

    @dataclass(frozen=True)
    class Plain:
        """A value with a dictionary."""

        x: int
        limit = 5

    @dataclass
    class Mutable:
        """One that changes."""

        x: int
        many: dict[str, int] = field(default_factory=dict)

        def __post_init__(self) -> None:
            self.x += 1

    @dataclass
    class Derived(Mutable):
        """One with more fields."""

        more: str = ""

    @dataclass(frozen=True, slots=True)
    class Box(Generic[T]):
        """A value of any type."""

        content: T

    @dataclass(slots=True)
    class Empty:
        """No field at all."""

    @dataclass(eq=False, slots=True)
    class Same:
        """Only the same object is equal."""

        x: int

    @dataclass(frozen=True)
    class Shown:
        """One with methods of its own."""

        x: int

        def __repr__(self) -> str:
            return f"<{self.x}>"

    return SimpleNamespace(**{name: each for name, each in locals().items() if inspect.isclass(each)})


BOTH = (classes(dataclasses), classes(pyastro.values))

CASES: dict[str, Callable[[SimpleNamespace], object]] = {
    "shown": lambda c: repr([c.Point(1), c.Derived(1, {"a": 1}, "m"), c.Box([1]), c.Empty(), c.Shown(3)]),
    "a default": lambda c: (c.Point(1).y, c.Point(1).secret, c.Point(1).notes, c.Derived(1).more),
    "a default of its own for each": lambda c: c.Point(1).notes is c.Point(1).notes,
    "by name": lambda c: c.Point(y=1, x=5).sum,
    "after the start": lambda c: (c.Mutable(1).x, c.Derived(1).x),
    "equal": lambda c: (c.Point(1) == c.Point(1, 2, [3]), c.Point(1) == c.Point(2), c.Point(1) != c.Point(1)),
    "equal to others": lambda c: (c.Point(1) == (1, 2), c.Mutable(1) == c.Derived(1), c.Empty() == c.Empty()),
    "not a number is itself": lambda c: (lambda nan: c.Plain(nan) == c.Plain(nan))(float("nan")),
    "the same": lambda c: (c.Same(1) == c.Same(1), len({c.Same(1), c.Same(1)})),
    "a key": lambda c: (
        {c.Point(1): 1}[c.Point(1, 2, [9])],
        hash(c.Plain(1)) == hash((1,)),
        c.Mutable.__hash__,
    ),
    "copied": lambda c: [repr(copy.copy(each)) for each in (c.Point(1), c.Plain(1), c.Derived(1), c.Box(1))],
    "deeply": lambda c: repr(copy.deepcopy(c.Point(1, notes=[1]))),
    "fields": lambda c: [(f.name, f.repr, f.compare) for f in dataclasses.fields(c.Point)],
    "as a dict": lambda c: (dataclasses.asdict(c.Point(1)), dataclasses.astuple(c.Derived(1))),
    "is one": lambda c: (dataclasses.is_dataclass(c.Box), dataclasses.is_dataclass(c.Empty())),
    "replaced": lambda c: repr(
        (dataclasses.replace(c.Point(1), y=7), dataclasses.replace(c.Derived(1), more="x"))
    ),
    "parameters": lambda c: list(inspect.signature(c.Point).parameters),
    "patterns": lambda c: (c.Point.__match_args__, c.Empty.__match_args__, c.Derived.__match_args__),
    "slots": lambda c: (
        c.Point.__slots__,
        hasattr(c.Point(1), "__dict__"),
        c.Plain(1).__dict__,
        c.Plain.limit,
    ),
    "names": lambda c: (c.Point.__name__, c.Point.__doc__, c.Point.__module__, c.Box(1).content),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_as_in_the_standard_library(case: Callable[[SimpleNamespace], object]) -> None:
    theirs, ours = map(case, BOTH)
    assert ours == theirs


REFUSED: dict[str, Callable[[SimpleNamespace], object]] = {
    "a missing value": lambda c: c.Point(),
    "one too many": lambda c: c.Plain(1, 2),
    "an unknown name": lambda c: c.Plain(1, z=2),
    "a change": lambda c: setattr(c.Point(1), "x", 2),
    "a change of a plain one": lambda c: setattr(c.Plain(1), "x", 2),
    "a removal": lambda c: delattr(c.Point(1), "x"),
    "a new attribute": lambda c: setattr(c.Empty(), "x", 2),
    "a key that changes": lambda c: {c.Mutable(1)},
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_it_refuses_the_same(case: Callable[[SimpleNamespace], object]) -> None:
    for made in BOTH:
        with pytest.raises((TypeError, AttributeError)) as found:
            case(made)
        if made is BOTH[0]:
            expected = found
    assert (found.type, str(found.value)) == (expected.type, str(expected.value))


def test_replace_gives_another_one() -> None:
    point = BOTH[1].Point(1, notes=[1])
    other = pyastro.values.replace(point, x=2)
    assert (other.x, other.notes is point.notes, point.x) == (2, True, 1)


@pyastro.values.dataclass(frozen=True, slots=True)
class Sent:
    """What goes to another process."""

    x: int
    inner: "Sent | None" = None


def test_it_is_pickled() -> None:
    assert pickle.loads(pickle.dumps(Sent(1, Sent(2)))) == Sent(1, Sent(2))


def test_one_that_holds_itself_is_shown() -> None:
    for made in BOTH:
        value = made.Mutable(1)
        value.many["me"] = value
        assert repr(value).endswith("Mutable(x=2, many={'me': ...})")


def test_a_dataclass_of_the_standard_library_may_extend_one() -> None:
    @dataclasses.dataclass(frozen=True)
    class Further(BOTH[1].Plain):  # type: ignore[name-defined, misc]
        y: int = 3

    assert repr(Further(1)).endswith("Further(x=1, y=3)")


def test_no_method_is_made_before_it_is_used() -> None:
    made = classes(pyastro.values).Point
    assert type(vars(made)["__init__"]).__name__ == "_Late"
    made(1)
    assert inspect.isfunction(vars(made)["__init__"])
