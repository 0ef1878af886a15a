"""Statements that are kept and run again, sent to the driver without the ceremony around each run.

For every run SQLAlchemy makes a context, a cursor and a result, and changes greenlets twice: three
times what the driver takes. Of a statement that runs a second time its text, the order of its
parameters and the names and types of its columns are remembered here instead. Errors are handed to
SQLAlchemy, so that callers meet the same ones, and lost connections leave the pool.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeVar
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Delete,
    Dialect,
    Executable,
    Insert,
    Row,
    Select,
    Update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import ExpandedState

from commerce.core.rows import RowMaker

Process = Callable[[Any], Any]
Result = TypeVar("Result")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None

KINDS: Final = (Select, CompoundSelect, Insert, Update, Delete)
NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run came to, told like SQLAlchemy's results."""

    rows: Sequence[Row[Any]]
    rowcount: int

    def all(self) -> Sequence[Row[Any]]:
        return self.rows

    def first(self) -> Row[Any] | None:
        return self.rows[0] if self.rows else None


@dataclass(frozen=True, slots=True)
class _Parameter:
    """Under which key the value is given, or how it is `made`; else it is part of the statement."""

    key: str | None
    value: Any
    process: Process | None
    made: Callable[[Any], Any] | None = None

    def of(self, given: Mapping[str, Any]) -> Any:
        if self.key is not None:
            value = given[self.key]
        elif self.made is not None:
            value = self.made(None)
        else:
            return self.value
        return value if self.process is None else self.process(value)


@dataclass(frozen=True, slots=True)
class Prepared:
    """`columns` is None for a statement that answers no rows."""

    text: str
    parameters: tuple[_Parameter, ...]
    columns: RowMaker | None

    async def run(self, connection: Connection, given: Mapping[str, Any]) -> Answer:
        values = [parameter.of(given) for parameter in self.parameters]
        driver = driver_of(connection)
        try:
            if self.columns is None:
                return Answer((), _count(await driver.execute(self.text, *values)))
            records = await driver.fetch(self.text, *values)
        except BaseException as error:
            refused(connection, self.text, error)
        return Answer(self.columns.rows(records), len(records))


# None: it ran once. False: SQLAlchemy has to run it, always.
_KEPT: Final[WeakKeyDictionary[Executable, Prepared | bool | None]] = WeakKeyDictionary()
_LOCKING: Final[WeakKeyDictionary[Select[Any], tuple[Any, Select[Any]]]] = WeakKeyDictionary()


def locking(statement: Select[Any], of: Any) -> Select[Any]:
    """It, locking its rows, or those `of` one table: the same one again for one that is kept."""
    known = _LOCKING.get(statement)
    if known is None or known[0] is not of:
        known = _LOCKING[statement] = of, statement.with_for_update(key_share=True, of=of)
    return known[1]


async def execute(connection: AsyncConnection, statement: Executable, given: Parameters) -> Any:
    """What `connection.execute` answers, sooner for a statement that ran before."""
    if isinstance(given, Sequence) and len(given) == 1:
        given = given[0]
    if isinstance(given, Sequence) or not isinstance(statement, KINDS):
        return await connection.execute(statement, given)
    found = _KEPT.get(statement, False)
    if found is False:
        if statement not in _KEPT:
            _KEPT[statement] = None
        return await connection.execute(statement, given)
    sync = connection.sync_connection
    if sync is None or not _may_shorten(sync):
        return await connection.execute(statement, given)
    if found is None:
        found = _KEPT[statement] = await _prepared(sync, statement) or False
    if not isinstance(found, Prepared):
        return await connection.execute(statement, given)
    return await found.run(sync, NOTHING if given is None else given)


def _may_shorten(connection: Connection) -> bool:
    """Not where somebody listens to what is run, nor before SQLAlchemy has sent a BEGIN."""
    if connection._has_events:
        return False
    pooled: Any = connection.connection
    return pooled.dbapi_connection.autocommit or pooled.driver_connection.is_in_transaction()  # type: ignore[no-any-return]  # a bool


async def _prepared(connection: Connection, statement: Any) -> Prepared | None:
    """None for what depends on its values in more than its parameters."""
    dialect = connection.dialect
    if isinstance(statement, Insert):
        statement = statement.inline()  # asks for no keys that nobody wants
    compiled = statement.compile(dialect=dialect)
    binds: Mapping[str, BindParameter[Any]] = compiled.binds
    wanted = {bind.key: None for bind in binds.values() if bind.required}
    if compiled.update_prefetch or any(map(_expands, binds.values())):
        return None
    defaults = {column.key: column.default for column in compiled.insert_prefetch}
    state = compiled.construct_expanded_state(wanted)
    parameters = tuple(
        _parameter(binds[name], defaults.get(name), dialect)
        if name in binds
        else _constant(state, name)
        for name in state.positiontup
    )
    told = (await driver_of(connection).prepare(state.statement)).get_attributes()
    if not told:
        return Prepared(state.statement, parameters, None)
    columns = list(statement.exported_columns)
    if len(columns) != len(told):
        return None
    return Prepared(state.statement, parameters, _columns(columns, told, dialect))


def _expands(bind: BindParameter[Any]) -> bool:
    return bind.required and bind.expanding


def _parameter(bind: BindParameter[Any], default: Any, dialect: Dialect) -> _Parameter:
    """`default` is what a column has when nothing is said of it."""
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return _Parameter(bind.key, None, process)
    if default is not None and default.is_callable:
        return _Parameter(None, None, process, default.arg)
    value = bind.effective_value if default is None else default.arg
    return _Parameter(None, value if process is None else process(value), None)


def _constant(state: ExpandedState, name: str) -> _Parameter:
    """One of several values in an IN."""
    value, process = state.parameters[name], state.processors.get(name)
    return _Parameter(None, value if process is None else process(value), None)


def _columns(
    columns: Sequence[Any], told: Sequence[asyncpg.Attribute], dialect: Dialect
) -> RowMaker:
    """Under the names that the database tells, as SQLAlchemy made them up."""
    processors = [
        column.type.dialect_impl(dialect).result_processor(dialect, attribute.type.oid)
        for column, attribute in zip(columns, told, strict=True)
    ]
    return RowMaker([attribute.name for attribute in told], processors)


async def driven(
    connection: AsyncConnection,
    work: Callable[["asyncpg.Connection[Any]"], Awaitable[Result]],
) -> Result:
    """What `work` does with the driver's connection; its errors are those of SQLAlchemy."""
    sync = connection.sync_connection
    if sync is None:
        raise RuntimeError("the connection is closed")
    try:
        return await work(driver_of(sync))
    except BaseException as error:
        refused(sync, "", error)


def driver_of(connection: Connection) -> "asyncpg.Connection[Any]":
    return connection.connection.driver_connection  # type: ignore[return-value]  # no other is used


def _count(status: str) -> int:
    """`UPDATE 3` tells of three rows."""
    last = status.rpartition(" ")[2]
    return int(last) if last.isdecimal() else -1


def refused(connection: Connection, text: str, error: BaseException) -> NoReturn:
    """As SQLAlchemy does: its own errors, and no connection in the pool that is lost or busy."""
    adapted: Any = connection.connection.dbapi_connection
    try:
        if isinstance(error, Exception):
            adapted._handle_exception(error)
        raise error
    except BaseException as translated:
        connection._handle_dbapi_exception(translated, text, None, None, None)
