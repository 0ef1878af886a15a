"""Asynchronous fields, awaited level by level, so that loaders see a whole level at once.

Most of them wait for a loader and for nothing else. Those need no task: they are stepped to the
loader, and stepped on when it has loaded. Whatever waits for anything else goes on as a task.
"""

import asyncio
from asyncio import FIRST_COMPLETED as ANY
from asyncio import Future, Task
from collections import deque
from collections.abc import Callable
from types import CoroutineType
from typing import Any, Final

from commerce.core.problems import RequestError
from commerce.http.graphql.compiled.carrier import Carrier
from loaders.batch import Loading

PATIENCE: Final = 0.5  # seconds
# The dictionary and key that an answer belongs to, what completes it, and what is waited for.
Waiting = tuple[dict[str, Any], str, Callable[[Any], Any], Any]
Queue = deque[Waiting]
Stepped = tuple[Waiting, Loading]


Root = Callable[[Any], dict[str, Any]]


class RootError(Exception):
    """The only asynchronous field of the root was refused, with `refusal`."""

    def __init__(self, refusal: Exception) -> None:
        super().__init__()
        self.refusal = refusal


async def answered(root: Root, first: Queue, later: Queue) -> dict[str, Any]:
    """The data, once nothing waits any more. What a field raises ends it all.

    `root` puts the fields of the root in `first`, those below are put in `later`.
    """
    levels = Levels(later)
    try:
        data = root(None)
        await levels.begin(first)
        while levels.start():
            await levels.arrive()
    except Exception:
        await levels.rest()
        raise
    finally:
        later.extend(first)
        await levels.leave()
    return data


class Levels:
    """All that waits, from one level to the next."""

    def __init__(self, waiting: Queue) -> None:
        self._waiting = waiting
        self._stepped: list[Stepped] = []
        self._tasks: list[tuple[dict[str, Any], str, Callable[[Any], Any], Task[Any]]] = []

    async def begin(self, fields: Queue) -> None:
        """Fields of the root call services, which do what they like: each has a task of its own.

        A field alone needs none. Raises `RootError` for what it is refused with.
        """
        if len(fields) == 1:
            answer, key, complete, awaited = fields.popleft()
            try:
                value = await awaited
            except (RequestError, TimeoutError) as error:
                raise RootError(error) from error
            answer[key] = complete(value)
        while fields:
            answer, key, complete, awaited = fields.popleft()
            self._tasks.append((answer, key, complete, asyncio.ensure_future(awaited)))

    def start(self) -> bool:
        """Step everything as far as it goes; whether something is left to wait for."""
        while self._waiting:
            with Carrier() as carrier:
                self._step(carrier)
        return bool(self._stepped or self._tasks)

    def _step(self, carrier: Carrier) -> None:
        """Until one goes on in the carrier, or nothing waits: in one loop, for hundreds of them."""
        waiting = self._waiting
        while waiting:
            field = waiting.popleft()
            answer, key, complete, awaited = field
            if awaited.__class__ is not CoroutineType:
                self._tasks.append((answer, key, complete, asyncio.ensure_future(awaited)))
                continue
            try:
                future = awaited.send(None)
            except StopIteration as end:
                answer[key] = complete(end.value)
                continue
            if future is not None:
                future._asyncio_future_blocking = False  # as a task's step does: others may wait
            if future.__class__ is Loading:
                self._stepped.append((field, future))
                continue
            self._tasks.append((answer, key, complete, carrier.take(awaited, future)))
            return

    async def arrive(self) -> None:
        """Wait for what was started, to step it on or to complete it; the first that fails ends
        the wait.

        Tasks come after what was stepped: they may wait for it to go on, as for a lock it holds.
        """
        if self._stepped:
            await self._all_loaded()
            self._waiting.extend(field for field, _future in self._stepped)
            self._stepped.clear()
            return
        while running := [task for *_rest, task in self._tasks if not _succeeded(task)]:
            await asyncio.wait(running, return_when=ANY)
        tasks, self._tasks = self._tasks, []
        for answer, key, complete, task in tasks:
            answer[key] = complete(task.result())

    async def _all_loaded(self) -> None:
        """Loaders settle a batch at once: of its futures one is waited for."""
        for _field, future in self._stepped:
            while not future.done():
                running = [task for *_rest, task in self._tasks if not _succeeded(task)]
                await asyncio.wait([future, *running], return_when=ANY)

    async def rest(self) -> None:
        """Let what is going on come to its end: a statement that is cut off costs a connection."""
        going_on: list[Future[Any]] = [task for *_rest, task in self._tasks]
        going_on += [future for _field, future in self._stepped]
        if going_on:
            await asyncio.wait(going_on, timeout=PATIENCE)

    async def leave(self) -> None:
        """Nothing goes on behind the back of whoever runs the operation again."""
        for *_rest, awaited in self._waiting:
            if awaited.__class__ is CoroutineType:
                awaited.close()
        for (*_rest, awaited), future in self._stepped:
            awaited.close()
            future.add_done_callback(_seen)
        tasks = [task for *_rest, task in self._tasks]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)


def _succeeded(task: Task[Any]) -> bool:
    """Raises what the task has raised."""
    if not task.done():
        return False
    task.result()
    return True


def _seen(future: Future[Any]) -> None:
    """A batch fails for all who wait; it was enough to hear it once."""
    if not future.cancelled():
        future.exception()
