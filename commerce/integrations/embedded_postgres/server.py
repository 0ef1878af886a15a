"""PostgreSQL inside the data folder, kept alive while this process uses it."""

import asyncio
import contextlib
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import structlog

from commerce.integrations.embedded_postgres.database import make_database
from commerce.integrations.embedded_postgres.errors import EmbeddedPostgresError
from commerce.integrations.embedded_postgres.instance import Instance, Running
from commerce.integrations.embedded_postgres.postmaster import is_alive
from commerce.integrations.embedded_postgres.programs import Programs, installed_programs

T = TypeVar("T")

_LOOK_SECONDS = 0.1
_STEADY_SECONDS = 30.0  # alive for so long, a server's earlier deaths are forgiven
_LONGEST_PAUSE = 30.0


class EmbeddedPostgres:
    """A PostgreSQL that nobody had to install, shared by all processes that start it.

    The first one starts it, the last one stops it, and any of them brings it back when it dies.
    A process that is killed counts as gone; a server left behind that way is taken over by the
    next process.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        programs: Programs | None = None,
        over_tcp: bool = sys.platform == "win32",
    ) -> None:
        self._data_dir = data_dir
        self._programs = programs
        self._over_tcp = over_tcp
        self._log = structlog.get_logger().bind(data_dir=str(data_dir))
        self._turn = asyncio.Lock()
        self._instance: Instance | None = None
        self._running: Running | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._url = ""

    @property
    def pid(self) -> int | None:
        """The server process; None while there is none."""
        return self._running.process.pid if self._running else None

    async def start(self) -> str:
        """The database's URL, the same for every process and after every restart."""
        async with self._turn:
            if self._instance is None:
                programs = self._programs or installed_programs()
                instance = Instance(self._data_dir, programs, over_tcp=self._over_tcp)
                await _to_the_end(instance.open)
                self._url = await self._enter(instance)
                self._instance = instance
                self._supervisor = asyncio.create_task(self._supervise(instance))
            return self._url

    async def stop(self) -> None:
        """Let go of the server; the last process stops it. Stopping twice does nothing."""
        async with self._turn:
            if self._instance is None:
                return
            await self._stop_supervisor()
            instance, self._instance = self._instance, None
            async with _owning(instance):
                await self._leave(instance)

    async def _enter(self, instance: Instance) -> str:
        since = time.monotonic()
        async with _owning(instance):
            try:
                running, url = await _first_answer(instance)
            except BaseException:
                await self._leave(instance)
                raise
        self._running = running
        self._tell("database adopted" if running.found else "database started", since)
        return url

    async def _leave(self, instance: Instance) -> None:
        self._running = None
        if stopped := await _to_the_end(instance.leave):
            self._log.info("database stopped", pid=stopped)

    async def _stop_supervisor(self) -> None:
        if self._supervisor is not None:
            self._supervisor.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._supervisor
            self._supervisor = None

    async def _supervise(self, instance: Instance) -> None:
        """Bring the server back whenever it dies, ever slower while it keeps dying."""
        deaths = 0
        while self._running is not None:
            since = time.monotonic()
            await _until_dead(self._running)
            self._log.error("database died", pid=self.pid)
            self._running = None
            deaths = 0 if time.monotonic() - since > _STEADY_SECONDS else deaths
            while self._running is None:
                await asyncio.sleep(pause(deaths, random.random()))  # noqa: S311  # no secret
                deaths += 1
                await self._try_to_revive(instance)

    async def _try_to_revive(self, instance: Instance) -> None:
        since = time.monotonic()
        try:
            async with _owning(instance):
                running = await _to_the_end(instance.revive)
                await _until_ready(instance, running)
        except Exception as error:
            # Whatever it is, giving up would leave the shop without a database for good.
            self._log.error("database not restarted", reason=str(error) or repr(error))
        else:
            self._running = running
            self._tell("database adopted" if running.found else "database restarted", since)

    def _tell(self, event: str, since: float) -> None:
        self._log.info(event, pid=self.pid, seconds=round(time.monotonic() - since, 3))


@asynccontextmanager
async def embedded_postgres(data_dir: Path) -> AsyncIterator[str]:
    """The database's URL, for as long as it is needed."""
    server = EmbeddedPostgres(data_dir)
    try:
        yield await server.start()
    finally:
        await server.stop()


def pause(deaths: int, chance: float) -> float:
    """Seconds to wait before the next try: none at first, then doubling.

    Up to half is taken off by `chance` (0 to 1), so that processes do not try in step.
    """
    if deaths == 0:
        return 0.0
    return min(_LONGEST_PAUSE, 0.1 * 2.0 ** min(deaths, 10)) * (1 - chance / 2)


@asynccontextmanager
async def _owning(instance: Instance) -> AsyncIterator[None]:
    """Wait for our turn to start or stop the server."""
    try:
        while not instance.try_to_own():  # noqa: ASYNC110  # other processes set no event
            await asyncio.sleep(0.02)
        yield
    finally:
        instance.disown()


async def _first_answer(instance: Instance) -> tuple[Running, str]:
    """The server and its URL. If it is killed under our hands, the next one's."""
    running = await _to_the_end(instance.enter)
    try:
        return running, await _answer(instance, running)
    except EmbeddedPostgresError:
        if is_alive(running.process):
            raise
    running = await _to_the_end(instance.revive)
    return running, await _answer(instance, running)


async def _answer(instance: Instance, running: Running) -> str:
    await _until_ready(instance, running)
    return await make_database(running.endpoint, instance.password)


async def _until_ready(instance: Instance, running: Running) -> None:
    """After a crash it first replays what was written, however long that takes."""
    while not instance.is_ready():
        if not is_alive(running.process):
            raise EmbeddedPostgresError(f"PostgreSQL ended while it started: see {instance.log}")
        await asyncio.sleep(0.02)


async def _until_dead(running: Running) -> None:
    """Told by the system where that can be asked to: looking costs more than many a request."""
    with contextlib.suppress(OSError, AttributeError, NotImplementedError):
        await _ended(running)
    while is_alive(running.process):  # noqa: ASYNC110  # nor do they
        await asyncio.sleep(_LOOK_SECONDS)


async def _ended(running: Running) -> None:
    """Raises where there are no descriptors of processes, or none of this one."""
    descriptor = os.pidfd_open(running.process.pid)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    try:
        loop.add_reader(descriptor, ended.set)
        if is_alive(running.process):  # else the number may be another one's by now
            await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def _to_the_end(work: Callable[[], T]) -> T:
    """Run it in a thread. A cancelled caller waits too: files are not to be left half-way."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise
