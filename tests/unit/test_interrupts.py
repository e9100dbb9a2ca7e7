"""Ctrl-C while files are read or written is heard every time, and once."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from amplicast import Forecast
from amplicast.engine.cache import Cache
from amplicast.engine.posterior import Posterior
from amplicast.interrupts import interrupts_held

TIMES = 15
"""Without holding them back, four in ten were lost."""


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Interrupts are raised, also where the tests run behind a shell that has them ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(work: Callable[[], object], after: float) -> bool:
    """Whether an interrupt that comes while `work` is done over and over is raised."""
    timer = threading.Timer(after, os.kill, (os.getpid(), signal.SIGINT))
    end = time.monotonic() + after + 2.0
    try:
        timer.start()
        while time.monotonic() < end:
            work()
    except KeyboardInterrupt:
        return True
    finally:
        timer.join()
    return False


@pytest.mark.parametrize("way", ["read", "write"])
def test_no_interrupt_is_lost(way: str, brief: Forecast) -> None:
    """Whenever it comes, from the first moment of the work to its last."""
    fit = next(iter(Cache().folder.glob("*.nc")))
    assert brief.id
    content = fit.read_bytes()
    posterior = Posterior.from_bytes(content)
    work = {"read": lambda: Posterior.from_bytes(content), "write": posterior.to_bytes}[way]
    work()
    started = time.perf_counter()
    work()
    step = (time.perf_counter() - started) / TIMES
    assert all(interrupted(work, step * turn) for turn in range(TIMES))


def test_the_first_waits_and_the_second_does_not() -> None:
    """A long block can still be left, and what was there before hears later ones."""
    before = signal.getsignal(signal.SIGINT)
    reached = []

    def block(presses: int) -> None:
        with interrupts_held():
            for press in range(presses):
                signal.raise_signal(signal.SIGINT)
                reached.append(press)

    with pytest.raises(KeyboardInterrupt):
        block(1)
    assert reached == [0]
    with pytest.raises(KeyboardInterrupt):
        block(2)
    assert reached == [0, 0]
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_hold_nothing() -> None:
    """They hear no signals."""
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def work() -> None:
        with interrupts_held():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
