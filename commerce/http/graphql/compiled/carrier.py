"""The task in which a field goes on that waits for something else than a loader.

Nobody knows beforehand which fields do. But what they do until then may depend on the task they
are in: a timeout is one of that task, and would cut off the whole request if it were another's. So
fields are stepped as a part of a task that stands by. It goes on with the first that needs it.
"""

import asyncio
from asyncio.tasks import _enter_task, _leave_task
from collections.abc import Callable, Generator
from functools import partial
from types import coroutine
from typing import Any, Self


class Carrier:
    """Inside of `with` its task is the current one, in place of the one that steps."""

    def __init__(self) -> None:
        self._taken: tuple[Any, Any] | None = None
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._run())
        self._outer = asyncio.current_task()

    def __enter__(self) -> Self:
        if self._outer is not None:
            _leave_task(self._loop, self._outer)
        _enter_task(self._loop, self._task)
        return self

    def __exit__(self, *_error: object) -> None:
        _leave_task(self._loop, self._task)
        if self._outer is not None:
            _enter_task(self._loop, self._outer)

    def take(self, started: Any, future: Any) -> asyncio.Task[Any]:
        """The task goes on with a coroutine that was stepped, and waits for `future`."""
        self._taken = started, future
        return self._task

    async def _run(self) -> Any:
        """Begins after all have been stepped; one that was not needed is at its end then."""
        return None if self._taken is None else await _to_its_end(*self._taken)


@coroutine
def _to_its_end(started: Any, future: Any) -> Generator[Any, Any, Any]:
    if future is not None:
        future._asyncio_future_blocking = True  # as its `await` did
    while True:
        try:
            yield future
        except BaseException as error:
            step: Callable[[], Any] = partial(started.throw, error)
        else:
            step = partial(started.send, None)
        try:
            future = step()
        except StopIteration as end:
            return end.value
