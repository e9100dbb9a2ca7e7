"""Ctrl-C is heard, whatever it hits: HDF5 would lose it.

h5py drops its objects by weak references, and Python ignores whatever is raised where such a
reference ends: of interrupts that came while files were read or written, four in ten were lost.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any

__all__ = ["interrupts_held"]


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold a first Ctrl-C back until the block ends; a second is heard at once."""
    before = signal.getsignal(signal.SIGINT)
    # Only the main thread hears signals; what others than Python put there cannot be put back.
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield
        return
    held = False

    def hold(*_told: Any) -> None:
        nonlocal held
        if held:
            signal.signal(signal.SIGINT, before)
            signal.raise_signal(signal.SIGINT)
        held = True

    signal.signal(signal.SIGINT, hold)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held:
            signal.raise_signal(signal.SIGINT)
