"""What a helper process does: tasks from its standard input, results to its standard output.

A helper is a fresh interpreter, so that a caller's script needs no main guard and a helper inherits
neither threads nor locks.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from amplicast.engine.execute import failed
from amplicast.engine.frames import receive, send
from amplicast.engine.functions import function_at
from amplicast.errors import AmplicastError


def _serve() -> None:
    """Do what is asked until nobody asks any more."""
    # Ctrl-C reaches the whole group; the caller ends its helpers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not be taken for an answer.
    os.dup2(2, 1)
    asked, lent = receive(sys.stdin.buffer), receive(sys.stdin.buffer)
    if asked is None or lent is None:
        return
    function, shared = function_at(asked[1]["function"]), lent[1]

    def tell(heard: Mapping[str, Any]) -> None:
        send(channel, "heard", heard)

    while (given := receive(sys.stdin.buffer)) is not None:
        try:
            found = function(shared, given[1], tell)
        except AmplicastError as error:
            send(channel, "failed", {"problems": [asdict(each) for each in error.problems]})
        except Exception as error:
            send(channel, "failed", {"problems": [asdict(failed(error))]})
        else:
            send(channel, "done", found)


if __name__ == "__main__":
    _serve()
