"""The only door to PostgreSQL: the pool, units of work, and what repositories need of SQL."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, BigInteger, ColumnElement, Executable, Row, Select, literal
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import any_
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from commerce.core.events import Event, Recording
from commerce.core.failures import lost, may_retry, translated
from commerce.core.locks import Rank, checked
from commerce.core.outbox import outgoing
from commerce.core.prepared import Parameters, driven, execute, locking
from commerce.core.problems import UnavailableError
from commerce.core.setup import KeptSetup, Setup
from commerce.core.stamp import Stamp

Result = TypeVar("Result")
Rows = Sequence[Row[Any]]
Told = Callable[[], None]

TRANSACTION_TRIES: Final = 3
GRACE: Final = 0.1  # seconds, for a statement to end: one that is cut off costs its connection
ABANDONED_PATIENCE: Final = 1.0  # seconds, for the server to cancel a statement

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Lanes(Protocol):
    """Where a unit of work gets its connections: one kind for reading, one for transactions."""

    def reader(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection on which each statement commits by itself."""

    def writer(
        self, stamp: Stamp = Stamp(), *, further: bool = False
    ) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection inside a transaction: commits on leaving, rolls back on an exception.

        It begins with the stamp. `further`: the unit of work has had one before, and should not
        have to wait long.
        """


class _Refused(Exception):
    """Carries a result out of a transaction that must not be committed."""

    def __init__(self, result: object) -> None:
        self.result = result


def _nobody() -> None:
    """Nobody waits for events: they are found a moment later."""


class UnitOfWork:
    """The statements of one request, one after the other.

    Reads share one connection on which each statement commits by itself; `transact` opens a
    transaction, and until it ends every statement is part of it. GraphQL resolves sibling fields
    side by side, a connection does not: a lock queues the statements. Each transaction begins by
    telling the database its `stamp`.
    """

    def __init__(self, lanes: Lanes, kept: KeptSetup | None = None, told: Told = _nobody) -> None:
        self.stamp = Stamp()
        self._told = told
        self._recorded = Recording()
        self._kept = KeptSetup() if kept is None else kept
        self._lanes = lanes
        self._lock = asyncio.Lock()
        self._transaction: AsyncConnection | None = None
        self._reading: AsyncConnection | None = None
        self._reading_lane: AbstractAsyncContextManager[AsyncConnection] | None = None
        self._held: Rank | None = None
        self._committing = False
        self._begun = False
        self._running: asyncio.Task[Any] | None = None
        self._closed = False
        self.statements = 0
        self.heard: Callable[[Executable], None] | None = None  # is given each statement

    async def rows(self, statement: Executable, values: Parameters = None) -> Rows:
        """Every row of the answer."""
        return await self._run(statement, values, _all)

    async def row(self, statement: Executable, values: Parameters = None) -> Row[Any] | None:
        """The only row of the answer, or None."""
        return await self._run(statement, values, _first)

    async def scalars(self, statement: Executable, values: Parameters = None) -> Sequence[Any]:
        """The first column of every row."""
        return [row[0] for row in await self.rows(statement, values)]

    async def scalar(self, statement: Executable, values: Parameters = None) -> Any:
        """The first column of the first row, or None."""
        found = await self.row(statement, values)
        return None if found is None else found[0]

    async def change(self, statement: Executable, values: Parameters = None) -> int:
        """How many rows the statement touched."""
        return await self._run(statement, values, _count)

    async def locked(
        self, rank: Rank, statement: Select[Any], values: Parameters = None, of: Any = None
    ) -> Rows:
        """Rows that nobody else changes or locks until the transaction ends.

        The statement says in which order they are taken: that of their keys. Raises
        `LockOrderError` when something of a higher rank is held already.
        """
        self.hold(rank)
        return await self.rows(locking(statement, of), values)

    async def driven(
        self, work: Callable[["asyncpg.Connection[Any]"], Awaitable[Result]]
    ) -> Result:
        """What a library does that speaks to the driver by itself, as a part of the transaction."""
        async with self._lock:
            if self._transaction is None:
                raise RuntimeError("libraries take part in transactions only")
            self.statements += 1
            return await driven(self._transaction, work)

    def hold(self, rank: Rank) -> None:
        """Say that a statement locks rows by changing them; raises like `locked`."""
        if self._transaction is None:
            raise RuntimeError("locks are held by transactions")
        self._held = checked(self._held, rank)

    def setup(self, mark: UUID | None) -> Setup:
        """How the shop is set up, by a mark that was read just now."""
        return Setup(self._kept, mark, adds=self._transaction is None)

    def record(self, event: Event) -> None:
        """Tell what happened: kept with this transaction, or not at all."""
        if self._transaction is None:
            raise RuntimeError("events are recorded by transactions")
        self._recorded.add(event)

    async def transact(
        self,
        work: Callable[[], Awaitable[Result]],
        keep: Callable[[Result], bool] = lambda _result: True,
    ) -> Result:
        """Run `work` in one transaction and commit it if `keep` says so, else roll it back.

        Deadlocks, serialization failures and connections lost before the commit was sent are
        retried from the start: `work` may have no effect outside the database.
        """
        for last_try in (False,) * (TRANSACTION_TRIES - 1) + (True,):
            try:
                result = await self._attempt(work, keep)
                if self._recorded.told():
                    self._told()
                return result
            except _Refused as refused:
                return refused.result  # type: ignore[return-value]  # what `work` answered
            except DBAPIError as error:
                if last_try or self._committing or not may_retry(error):
                    raise translated(error) from error
            await asyncio.sleep(random.uniform(0.01, 0.2))  # noqa: S311  # jitter, no secret
        raise AssertionError("unreachable")

    async def _attempt(
        self, work: Callable[[], Awaitable[Result]], keep: Callable[[Result], bool]
    ) -> Result:
        if self._transaction is not None:
            raise RuntimeError("a transaction is already open on this unit of work")
        await self._end_reading()
        self._committing, self._held = False, None
        self._recorded.clear()
        lane = self._lanes.writer(self.stamp, further=self._begun)
        async with _available(lane) as connection:
            self._begun = True
            self._transaction = connection
            try:
                result = await work()
                kept = keep(result)
                told = self._recorded.told() if kept else ()
                if told:
                    await self.change(*outgoing(told, self.stamp))
            except BaseException:
                self._transaction = None  # what waits for its turn has no part in it any more
                await self._end_abandoned()
                raise
            finally:
                self._transaction = None
            if not kept:
                raise _Refused(result)
            self._committing = True  # from here on the outcome may be unknown: never run twice
            return result

    async def _run(
        self, statement: Executable, values: Parameters, read: Callable[[Any], Result]
    ) -> Result:
        async with self._lock:
            if self._closed:
                raise RuntimeError("this unit of work is closed")
            self.statements += 1
            if self.heard is not None:
                self.heard(statement)
            self._running = asyncio.current_task()
            try:
                return await self._sent(statement, values, read)
            finally:
                self._running = None

    async def _sent(
        self, statement: Executable, values: Parameters, read: Callable[[Any], Result]
    ) -> Result:
        if self._transaction is not None:
            return read(await execute(self._transaction, statement, values))
        try:
            return await self._read(statement, values, read)
        except DBAPIError as error:
            if not lost(error):
                raise translated(error) from error
        return await self._read_again(statement, values, read)

    async def _read(
        self, statement: Executable, values: Parameters, read: Callable[[Any], Result]
    ) -> Result:
        if self._reading is not None and self._reading.invalidated:
            await self._end_reading()  # a statement on it was cut off
        if self._reading is None:
            self._reading_lane = _available(self._lanes.reader())
            self._reading = await self._reading_lane.__aenter__()
        return read(await execute(self._reading, statement, values))

    async def _read_again(
        self, statement: Executable, values: Parameters, read: Callable[[Any], Result]
    ) -> Result:
        """A pooled connection had died while idle: once more on a fresh one."""
        await self._end_reading()
        try:
            return await self._read(statement, values, read)
        except DBAPIError as error:
            raise translated(error) from error

    async def _end_reading(self) -> None:
        lane, self._reading_lane, self._reading = self._reading_lane, None, None
        if lane is not None:
            await lane.__aexit__(None, None, None)

    async def release(self) -> None:
        """Give the connection back for a while, as before slow work that is not the database's.

        Raises `RuntimeError` inside a transaction, which waits for nothing but the database.
        """
        if self._transaction is not None:
            raise RuntimeError("a transaction is open on this unit of work")
        async with self._lock:
            await self._end_reading()

    async def close(self) -> None:
        """Give the connection back."""
        self._closed = True
        if self._running is not None and self._running is not asyncio.current_task():
            await asyncio.wait({self._running}, timeout=GRACE)
        await self._end_abandoned()
        await self._end_reading()

    async def _end_abandoned(self) -> None:
        """End a statement nobody waits for any more, such as a loader's when a field beside it
        has failed: given back busy, its connection would keep the next holder waiting.
        """
        running = self._running
        if running is not None and running is not asyncio.current_task():
            running.cancel()
            await asyncio.wait({running}, timeout=ABANDONED_PATIENCE)


OpenUnit = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


def units_on(lanes: Lanes, told: Told = _nobody) -> OpenUnit:
    """How the rest of the program opens units of work on `lanes`; `told` hears it when one of
    them has committed events.
    """
    kept = KeptSetup()

    @asynccontextmanager
    async def open_unit() -> AsyncIterator[UnitOfWork]:
        unit = UnitOfWork(lanes, kept, told)
        try:
            yield unit
        finally:
            await unit.close()

    return open_unit


def among(
    column: Any, values: Collection[Any], kind: TypeEngine[Any] | None = None
) -> ColumnElement[bool]:
    """`column = ANY(values)`: one prepared statement, however many values there are."""
    items = literal(list(values), ARRAY(BigInteger() if kind is None else kind))
    return column == any_(items)  # type: ignore[no-any-return]  # `column` may be a model's attribute


def violated_constraint(error: DBAPIError) -> str | None:
    """The name of the constraint that refused a row, for repositories to translate."""
    cause = error.orig.__cause__ if error.orig is not None else None
    return getattr(cause, "constraint_name", None)


@asynccontextmanager
async def _available(
    lane: AbstractAsyncContextManager[AsyncConnection],
) -> AsyncIterator[AsyncConnection]:
    """The lane's connection; `UnavailableError` when the pool or the server has none to give."""
    try:
        connection = await lane.__aenter__()
    except DBAPIError as error:
        if lost(error):
            raise  # it was so before: the next one may not be
        if isinstance(error, InterfaceError):
            raise UnavailableError("The database is not available right now.") from error
        raise translated(error) from error
    except (OSError, PoolTimeoutError, asyncpg.PostgresError) as error:
        raise UnavailableError("The database is not available right now.") from error
    try:
        yield connection
    except BaseException as error:
        await lane.__aexit__(type(error), error, error.__traceback__)
        raise
    else:
        await lane.__aexit__(None, None, None)


def _all(result: Any) -> Rows:
    return result.all()  # type: ignore[no-any-return]  # a cursor result


def _first(result: Any) -> Row[Any] | None:
    return result.first()  # type: ignore[no-any-return]  # a cursor result


def _count(result: Any) -> int:
    return result.rowcount  # type: ignore[no-any-return]  # a cursor result
