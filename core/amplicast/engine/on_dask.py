"""Tasks on a Dask cluster that is already there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from amplicast.engine.execute import Done, Function, Heard, Shared, Task, failed
from amplicast.errors import AmplicastError, Problem, RunError

__all__ = ["on_dask"]

CONNECT = "10s"
"""Time in which the scheduler must answer."""

_HELD: dict[str, Shared] = {}
"""In a worker: what tasks share, by name."""


def on_dask(
    function: Function, tasks: Sequence[Task], *, shared: Shared, scheduler: str, heard: Heard
) -> Iterator[tuple[int, Done]]:
    """Do tasks on a cluster; see `amplicast.engine.execute.execute`.

    What tasks share is a worker plugin: the scheduler gives it to every worker, also to one that
    comes later or takes the place of a lost one. Tasks of a lost worker are done by another.
    """
    from distributed import Client, KilledWorker, WorkerPlugin, as_completed

    class Holds(WorkerPlugin):  # type: ignore[misc]
        """Keeps what tasks share for as long as they last."""

        def __init__(self, name: str, content: dict[str, bytes]) -> None:
            self.name, self.content = name, content

        def setup(self, worker: Any) -> None:
            hold(self.name, self.content)

        def teardown(self, worker: Any) -> None:
            let_go(self.name)

    try:
        client = Client(scheduler, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        raise RunError(_no_scheduler(scheduler, error)) from error
    # Of the client's own: who does the same at the same time must not take it away.
    name = f"amplicast-{client.id}"
    places: dict[Any, int] = {}
    try:
        client.register_plugin(Holds(name, dict(shared)), name=name)
        client.subscribe_topic(name, lambda event: heard(*event[1]))
        for place, task in enumerate(tasks):
            given = (function, name, place, dict(task))
            future = client.submit(_do, *given, key=f"{name}-{place}", pure=False, retries=2)
            places[future] = place
        for future in as_completed(list(places), loop=client.loop):
            place = places.pop(future)
            try:
                yield place, future.result()
            except AmplicastError:
                raise
            except KilledWorker as error:
                raise RunError(_killed(place)) from error
            except Exception as error:
                raise RunError(failed(error)) from error
            future.release()
    finally:
        if places:
            client.cancel(list(places))
        client.unsubscribe_topic(name)
        client.unregister_worker_plugin(name)
        client.close()


def hold(name: str, shared: Shared) -> None:
    """Keep what tasks share."""
    _HELD[name] = shared


def let_go(name: str) -> None:
    """Forget it."""
    _HELD.pop(name, None)


def _do(function: Function, name: str, place: int, task: Task) -> Done:
    import dask
    from distributed import get_worker

    worker = get_worker()
    # Otherwise xarray asks the cluster for a lock on every file, which only its own tasks have.
    with dask.config.set(scheduler="synchronous"):
        return function(_HELD[name], task, lambda told: worker.log_event(name, [place, dict(told)]))


def _no_scheduler(scheduler: str, error: Exception) -> Problem:
    return Problem(
        code="AMP-G142",
        what=f"no Dask scheduler answers at {scheduler!r}",
        why=f"{error}.",
        fix="start one with  dask scheduler  and workers with  dask worker ADDRESS",
    )


def _killed(place: int) -> Problem:
    return Problem(
        code="AMP-G143",
        what=f"task {place} ended every worker of the cluster that it was given to",
        why="The most likely reason is memory.",
        fix="use smaller slices, or workers with more memory; what is finished is kept",
    )
