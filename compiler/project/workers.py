"""Using all cores: a list of independent jobs, done by copies of this process.

The copies are made with fork(2), so that they know all that this process knows. They take the numbers of the jobs from a
pipe that holds all of them before the first copy is made: whatever becomes of this process or of a copy, nobody waits for
the other for ever, and a copy that is slowed down takes fewer.
"""

import os
import pickle
import selectors
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

JOBS_PER_WORKER = 16
"""A copy costs about as much as a few jobs."""
_LENGTH, _NUMBER = 8, 4
"""The bytes of the length of a message, and of the number of a share."""
_MOST_SHARES = 1000
"""Their numbers fit into one page of memory, which is the least that a pipe holds."""


def results(
    jobs: Sequence[Job], work: Callable[[Job], Result], jobs_per_worker: int = JOBS_PER_WORKER
) -> Iterator[tuple[Job, Result]]:
    """Each job with what `work` gives for it, as they get done. Jobs and results are such that pickle can carry them.

    A copy is made only where it gets `jobs_per_worker` or more.
    """
    number = min(_cores(), len(jobs) // jobs_per_worker) if _can_fork() else 1
    left = dict.fromkeys(range(len(jobs)))
    if number > 1:
        for index, result in _in_copies(jobs, work, number):
            del left[index]
            yield jobs[index], result
    for index in left:  # all of them, or those of a copy that came to grief
        yield jobs[index], work(jobs[index])


def beside(work: Callable[[], Result], meanwhile: Callable[[], object]) -> Result:
    """What `work` gives. A copy of this process does it where there are two cores, and this one `meanwhile`.

    Whatever `work` raises, it raises here.
    """
    if not _can_fork() or _cores() == 1:
        return work()
    copy = _start([0], lambda _: work())
    try:
        meanwhile()
        while copy.read():
            pass
        found = [result for _, result in copy.take()]
    finally:
        _end(copy.process, copy.pipe)
    return found[0] if found else work()


@contextmanager
def helped(work: Callable[[Job], Result], load: Callable[[], object]) -> Iterator[Callable[[Job], Result]]:
    """`work` as a function that a copy of this process does where there are two cores, one job after the other.

    The copy begins with `load`: what the work needs need not be loaded here. Whatever `work` raises, it raises here.
    """
    if not _can_fork() or _cores() == 1:
        yield work
        return
    helper = _start_helper(work, load)
    owner = os.getpid()

    def asked(job: Job) -> Result:
        answer = helper.ask(pickle.dumps(job)) if os.getpid() == owner else None
        if answer is None:  # it came to grief, or another copy asks
            return work(job)
        result: Result = pickle.loads(answer)
        return result

    try:
        yield asked
    finally:
        os.close(helper.questions)
        _end(helper.process, helper.answers)


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _can_fork() -> bool:
    """May this process be copied? With several threads a copy could find a lock that nobody ever opens."""
    return sys.platform == "linux" and threading.active_count() == 1


@dataclass
class _Copy(Generic[Result]):
    """A copy of this process, from which results come."""

    process: int
    pipe: int
    received: bytearray = field(default_factory=bytearray)

    def read(self) -> bool:
        """Take in what has come; False at the end."""
        block = os.read(self.pipe, 1 << 20)
        self.received += block
        return bool(block)

    def take(self) -> Iterator[tuple[int, Result]]:
        """The results that have come as a whole."""
        while len(self.received) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self.received[:_LENGTH], "big")
            if len(self.received) < end:
                return
            yield pickle.loads(self.received[_LENGTH:end])
            del self.received[:end]


def _in_copies(
    jobs: Sequence[Job], work: Callable[[Job], Result], number: int
) -> Iterator[tuple[int, Result]]:
    copies: list[_Copy[Result]] = []
    shares = _shares(len(jobs))
    try:
        for _ in range(number):
            copies.append(_start(_taken(shares), lambda index: work(jobs[index])))
        with selectors.DefaultSelector() as selector:
            for copy in copies:
                selector.register(copy.pipe, selectors.EVENT_READ, copy)
            while selector.get_map():
                for key, _ in selector.select():
                    if not key.data.read():
                        selector.unregister(key.fileobj)
                    yield from key.data.take()
    finally:
        os.close(shares.pipe)
        for copy in copies:
            _end(copy.process, copy.pipe)


class _Shares(NamedTuple):
    """The jobs by their numbers, `step` apart in one share, and a pipe from which each share is taken once."""

    pipe: int
    jobs: int
    step: int


def _shares(jobs: int) -> _Shares:
    """Shares of so many jobs: one for each, as long as the pipe holds them without a reader."""
    reader, writer = os.pipe()
    step = min(jobs, _MOST_SHARES)
    os.write(writer, b"".join(first.to_bytes(_NUMBER, "big") for first in range(step)))
    os.close(writer)
    return _Shares(reader, jobs, step)


def _taken(shares: _Shares) -> Iterator[int]:
    """The numbers of jobs that no other copy does. So few bytes are read at once, or none (POSIX)."""
    while taken := os.read(shares.pipe, _NUMBER):
        yield from range(int.from_bytes(taken, "big"), shares.jobs, shares.step)


def _start(numbers: Iterable[int], work: Callable[[int], Result]) -> "_Copy[Result]":
    """A copy of this process that does some numbered jobs, and ends."""
    reader, writer = os.pipe()
    process = os.fork()
    if process:
        os.close(writer)
        return _Copy(process, reader)
    try:
        os.close(reader)
        for number in numbers:
            _write(writer, _framed(pickle.dumps((number, work(number)))))
    finally:
        os._exit(0)  # also after an error: this process does itself what is missing then


class _Helper(NamedTuple):
    """A copy of this process that answers questions."""

    process: int
    questions: int
    answers: int

    def ask(self, question: bytes) -> bytes | None:
        """The answer to a question; None where there is nobody any more to give it."""
        try:
            _write(self.questions, _framed(question))
            return _read(self.answers)
        except OSError:
            return None


def _start_helper(work: Callable[[Job], Result], load: Callable[[], object]) -> _Helper:
    """A copy of this process that does what it is asked to, until that fails."""
    question_reader, question_writer = os.pipe()
    answer_reader, answer_writer = os.pipe()
    process = os.fork()
    if process:
        os.close(question_reader)
        os.close(answer_writer)
        return _Helper(process, question_writer, answer_reader)
    try:
        os.close(question_writer)
        os.close(answer_reader)
        load()
        while (question := _read(question_reader)) is not None:
            _write(answer_writer, _framed(pickle.dumps(work(pickle.loads(question)))))
    finally:
        os._exit(0)


def _framed(data: bytes) -> bytes:
    return len(data).to_bytes(_LENGTH, "big") + data


def _read(pipe: int) -> bytes | None:
    """The next message of a pipe; None at its end."""
    received, end = bytearray(), _LENGTH
    while len(received) < end:
        block = os.read(pipe, min(end - len(received), 1 << 20))
        if not block:
            return None
        received += block
        if len(received) == _LENGTH == end:
            end += int.from_bytes(received, "big")
    return bytes(received[_LENGTH:])


def _write(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]


def _end(process: int, pipe: int) -> None:
    os.close(pipe)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(process, 0)
