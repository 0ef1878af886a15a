"""Which failures of the database pass by themselves, and which lose the connection."""

from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError

from commerce.core.problems import UnavailableError

SERIALIZATION_FAILURES: Final = frozenset({"40001", "40P01"})
# Connection failures, an administrator's shutdown, too many connections, a cancelled statement.
AWAY_CLASSES: Final = ("08", "57P", "53")
QUERY_CANCELED: Final = "57014"
LOCK_NOT_AVAILABLE: Final = "55P03"


def may_retry(error: DBAPIError) -> bool:
    return lost(error) or _sqlstate(error) in SERIALIZATION_FAILURES


def lost(error: DBAPIError) -> bool:
    """Whether the connection is gone, or in a state the driver itself does not know."""
    cause = error.orig.__cause__ if error.orig is not None else None
    return error.connection_invalidated or isinstance(cause, asyncpg.InternalClientError)


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def translated(error: DBAPIError) -> Exception:
    """`UnavailableError` for what passes by itself, the error as it is for everything else."""
    state = _sqlstate(error)
    passing = state.startswith(AWAY_CLASSES) or state in {QUERY_CANCELED, LOCK_NOT_AVAILABLE}
    if passing or lost(error) or state in SERIALIZATION_FAILURES:
        return UnavailableError("The database is not available right now.")
    return error
