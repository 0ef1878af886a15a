"""Brings a database to the schema this version was written for, and tells how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

Result = TypeVar("Result")

LOCK_KEY: Final = 0x53746F7265  # "Store": one migration at a time, whoever runs it
LOCK_SQL: Final = "SELECT pg_advisory_lock(:key)"
UNLOCK_SQL: Final = "SELECT pg_advisory_unlock(:key)"
LOCK_TIMEOUT: Final = "3s"
LOCK_TRIES: Final = 5
LOCK_NOT_AVAILABLE: Final = "55P03"
QUEUE: Final = "pgqueuer"  # what the names of its tables begin with

MODELS: Final = (
    "commerce.catalog.models",
    "commerce.files.models",
    "commerce.downloads.models",
    "commerce.pricing.models",
    "commerce.inventory.models",
    "commerce.staff.models",
    "commerce.oauth.models",
    "commerce.webhooks.models",
    "commerce.customers.models",
    "commerce.identity.models",
    "commerce.notifications.models",
    "commerce.audit.models",
    "commerce.idempotency.models",
    "commerce.jobs.models",
    "commerce.store.models",
    "commerce.shipping.models",
    "commerce.payments.models",
    "commerce.promotions.models",
    "commerce.gift_cards.models",
    "commerce.taxes.models",
    "commerce.carts.models",
    "commerce.orders.models",
    "commerce.invoices.models",
)


class SchemaError(Exception):
    """The database is not one this version can work on; the message says what to do."""


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Where a database stands. `known` is False when a newer version has migrated it."""

    current: str | None
    head: str
    known: bool

    @property
    def ready(self) -> bool:
        return self.current == self.head


def metadata() -> MetaData:
    """Every table of every domain."""
    import_module("commerce.core.db")  # the naming convention first
    for module in MODELS:
        import_module(module)
    return SQLModel.metadata


def config() -> Config:
    """Alembic's configuration, without a file."""
    folder = Path(__file__).parent.parent / "migrations"
    settings = Config()
    settings.set_main_option("script_location", str(folder))
    settings.set_main_option(
        "file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s"
    )
    return settings


def head() -> str:
    """The newest revision this version knows."""
    found = ScriptDirectory.from_config(config()).get_current_head()
    if found is None:
        raise SchemaError("There are no migrations beside the program.")
    return found


async def schema_state(url: str) -> SchemaState:
    """How far the database at `url` is."""
    return await _with_connection(url, _state)


async def migrate(url: str, revision: str = "head") -> SchemaState:
    """Migrate to `revision` under an advisory lock; waits for another migration to finish."""
    return await _with_connection(url, lambda connection: _upgrade(connection, revision))


async def downgrade(url: str, revision: str) -> None:
    """Migrate back to `revision` (`base` empties the database)."""
    await _with_connection(url, lambda connection: _run(connection, command.downgrade, revision))


async def drift(url: str) -> list[Any]:
    """What autogenerate would still write: empty when models and migrations agree."""
    return await _with_connection(url, _drift)


async def require_ready(url: str) -> None:
    """Raises `SchemaError` unless the database is at this version's head."""
    state = await schema_state(url)
    if not state.known:
        raise SchemaError(
            f"The database was migrated by a newer version (revision {state.current}); "
            "upgrade this server."
        )
    if not state.ready:
        raise SchemaError(
            f"The database is at revision {state.current or 'none'}, this version needs "
            f"{state.head}; run `commerce migrate`."
        )


async def _with_connection(url: str, work: Callable[[Connection], Result]) -> Result:
    engine: AsyncEngine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _state(connection: Connection) -> SchemaState:
    current = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(config())
    known = current is None or any(step.revision == current for step in script.walk_revisions())
    return SchemaState(current, head(), known)


def _upgrade(connection: Connection, revision: str) -> SchemaState:
    if connection.dialect.server_version_info < (15,):  # type: ignore[operator]  # set once connected
        raise SchemaError("PostgreSQL 15 or newer is needed.")
    state = _state(connection)
    if not state.known:
        raise SchemaError(f"A newer version has migrated this database (revision {state.current}).")
    _run(connection, command.upgrade, revision)
    return _state(connection)


def _run(connection: Connection, action: Any, revision: str) -> None:
    """One migration at a time; a table that stays busy is tried again rather than queued behind."""
    connection.execute(text(LOCK_SQL), {"key": LOCK_KEY})
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    settings = config()
    settings.attributes["connection"] = connection
    try:
        for last_try in (False,) * (LOCK_TRIES - 1) + (True,):
            try:
                action(settings, revision)
                break
            except DBAPIError as error:
                connection.rollback()
                if last_try or getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                    raise
        connection.commit()
    finally:
        connection.rollback()
        connection.execute(text(UNLOCK_SQL), {"key": LOCK_KEY})
        connection.commit()


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table in the database is to be one of `metadata`: the queue has its own."""
    return kind != "table" or name is None or not name.startswith(QUEUE)


def _drift(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"include_name": is_ours})
    return list(compare_metadata(context, metadata()))


async def new_revision(url: str, message: str) -> None:
    """Write a migration from the difference between the models and a database at head."""

    def write(connection: Connection) -> None:
        settings = config()
        settings.attributes["connection"] = connection
        command.revision(settings, message=message, autogenerate=True)

    await _with_connection(url, write)
