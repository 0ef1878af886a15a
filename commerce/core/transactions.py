"""Transactions that are begun, stamped and ended straight at the driver.

SQLAlchemy would send each of it by itself and change greenlets for it. Its connections commit each
statement by themselves here, so that it begins nothing: between BEGIN and COMMIT, none does.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from commerce.core.prepared import driver_of, refused
from commerce.core.problems import UnavailableError
from commerce.core.stamp import Stamp

BEGIN: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
COMMIT: Final = "COMMIT"
ROLLBACK: Final = "ROLLBACK"


@asynccontextmanager
async def transaction(connection: AsyncConnection, stamp: Stamp) -> AsyncIterator[AsyncConnection]:
    """Commits on leaving, rolls back on an exception; a connection that can do neither is lost."""
    sync = connection.sync_connection
    if sync is None:
        raise RuntimeError("a transaction needs a connection")
    sync.begin()  # sends nothing; SQLAlchemy would put a new connection in the place of a lost one
    try:
        try:
            await _send(sync, BEGIN, _stamped(stamp))
            yield connection
        except BaseException:
            if _is_open(sync):
                await _send(sync, ROLLBACK)
            raise
        if sync.invalidated:
            raise UnavailableError("The database is not available right now.")
        await _send(sync, COMMIT)
    finally:
        if _is_open(sync):
            sync.invalidate()


def _is_open(connection: Connection) -> bool:
    return not connection.invalidated and driver_of(connection).is_in_transaction()


async def _send(connection: Connection, statement: str, following: str = "") -> None:
    """In one message; `following` is not for error messages to quote."""
    try:
        await driver_of(connection).execute(statement + following)
    except BaseException as error:
        refused(connection, statement, error)


def _stamped(stamp: Stamp) -> str:
    """Settings of the transaction alone: a pooled connection forgets them with it."""
    return "".join(
        f"; SET LOCAL storegraph.{name} = {_quoted(value)}"
        for name, value in stamp.values().items()
    )


def _quoted(text: str) -> str:
    """Whatever the server makes of backslashes in plain strings. It knows no NUL."""
    return "E'" + text.replace("\0", "").replace("\\", "\\\\").replace("'", "''") + "'"
