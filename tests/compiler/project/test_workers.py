import os
import threading
import time
from collections.abc import Callable

import pytest

from pyastro.compiler.project import workers
from pyastro.compiler.project.workers import beside, helped, results


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 2)


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes of all copies that a test makes."""
    found: list[int] = []
    if hasattr(os, "fork"):
        fork = os.fork

        def noted() -> int:
            process = fork()
            found.append(process)
            return process

        monkeypatch.setattr(os, "fork", noted)
    return found


def are_gone(processes: list[int]) -> bool:
    """Have these children ended, and was that heard?"""
    for process in processes:
        try:
            os.waitpid(process, os.WNOHANG)
        except ChildProcessError:
            continue
        return False
    return True


def slow_square(number: int) -> tuple[int, int]:
    time.sleep(0.005)  # a copy that is done at once takes all jobs before the other begins
    return square(number)


def test_all_jobs_are_done_by_copies() -> None:
    found = dict(results(range(100), slow_square))
    assert {job: value for job, (value, _) in found.items()} == {n: n * n for n in range(100)}
    processes = {process for _, process in found.values()}
    assert len(processes) == (2 if workers._can_fork() else 1)


@pytest.mark.parametrize("number", [999, 1000, 1001, 12_345])
def test_jobs_without_number_are_done_once(number: int) -> None:
    found = [(job, value) for job, (value, _) in results(range(number), square)]
    assert sorted(found) == [(n, n * n) for n in range(number)]


def test_a_copy_that_is_slow_takes_fewer_jobs() -> None:
    if not workers._can_fork():
        pytest.skip("there are no copies")

    def work(number: int) -> int:
        time.sleep(0.5 if number == 0 else 0.001)
        return os.getpid()

    found = dict(results(range(100), work))
    assert list(found.values()).count(found[0]) < 20


def test_few_jobs_are_not_worth_a_copy() -> None:
    assert {process for _, (_, process) in results(range(10), square)} == {os.getpid()}
    assert list(results([], square)) == []


def test_what_a_dead_copy_owed_is_done_here() -> None:
    parent = os.getpid()

    def work(number: int) -> int:
        if number == 50 and os.getpid() != parent:
            os._exit(1)
        return -number

    assert dict(results(range(100), work)) == {n: -n for n in range(100)}


def test_large_results_come_through() -> None:
    assert dict(results(range(40), lambda n: bytes([n]) * 300_000)) == {
        n: bytes([n]) * 300_000 for n in range(40)
    }


def test_leaving_early_ends_the_copies(copies: list[int]) -> None:
    found = results(range(100), square)
    next(found)
    found.close()  # type: ignore[attr-defined]  # it is a generator
    assert len(copies) == (2 if workers._can_fork() else 0)
    assert are_gone(copies)


def test_a_process_with_threads_is_not_copied() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert {process for _, (_, process) in results(range(100), square)} == {os.getpid()}
    finally:
        stop.set()
        thread.join()


def test_work_is_done_beside_something_else() -> None:
    done: list[int] = []
    value, process = beside(lambda: square(7), lambda: done.append(os.getpid()))
    assert value == 49
    if workers._can_fork():
        assert process != os.getpid() and done == [os.getpid()]
    else:
        assert process == os.getpid()


def test_what_is_raised_beside_is_raised_here(copies: list[int]) -> None:
    with pytest.raises(ZeroDivisionError):
        beside(lambda: 1 // 0, lambda: None)
    with pytest.raises(KeyError):  # and no copy is left behind
        beside(lambda: 1, lambda: {}["x"]) if workers._can_fork() else {}["x"]
    assert len(copies) == (2 if workers._can_fork() else 0)
    assert are_gone(copies)


def test_work_of_a_dead_copy_is_done_here() -> None:
    parent = os.getpid()
    assert beside(lambda: "done" if os.getpid() == parent else os._exit(1), lambda: None) == "done"


# ---------------------------------------------------------------- a helper


def test_a_helper_does_what_it_is_asked_to(copies: list[int]) -> None:
    loaded = []
    with helped(square, lambda: loaded.append(True)) as ask:
        answers = [ask(number) for number in range(3)]
    assert [value for value, _ in answers] == [0, 1, 4]
    processes = {process for _, process in answers}
    assert processes == (set(copies) if workers._can_fork() else {os.getpid()})
    assert loaded == []
    assert are_gone(copies)


def test_large_questions_and_answers_come_through() -> None:
    with helped(lambda data: data[::-1], lambda: None) as ask:
        assert ask(b"ab" * 2_000_000) == b"ba" * 2_000_000
        assert ask(b"") == b""


def test_what_a_helper_raises_is_raised_here() -> None:
    with helped(lambda number: 1 // number, lambda: None) as ask:
        assert ask(1) == 1
        with pytest.raises(ZeroDivisionError):
            ask(0)
        assert ask(1) == 1


@pytest.mark.parametrize("load", [lambda: os._exit(1), lambda: 1 // 0], ids=["dies", "fails"])
def test_what_a_helper_owes_is_done_here(load: Callable[[], object]) -> None:
    if not workers._can_fork():
        pytest.skip("there is no helper")
    with helped(square, load) as ask:
        assert ask(3) == (9, os.getpid())
        assert ask(4) == (16, os.getpid())


def test_copies_that_are_made_meanwhile_do_not_ask_the_helper() -> None:
    with helped(square, lambda: None) as ask:
        found = dict(results(range(100), ask))
        assert {job: value for job, (value, _) in found.items()} == {n: n * n for n in range(100)}
        assert ask(7)[0] == 49


def test_leaving_by_an_error_ends_the_helper(copies: list[int]) -> None:
    with pytest.raises(KeyError), helped(square, lambda: None):
        raise KeyError
    assert are_gone(copies)
