"""From settings to what a running program holds: the database, the keys, the clock."""

import asyncio
import os
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from commerce.authentication import Authenticator
from commerce.core.attempts import Attempts
from commerce.core.cipher import Cipher, derived_key
from commerce.core.clock import Clock, system_clock
from commerce.core.db import OpenUnit, units_on
from commerce.core.limiter import RateLimiter
from commerce.core.links import SignedLinks
from commerce.core.paging import Cursors
from commerce.core.pool import Database, PoolLimits
from commerce.core.turns import Turns
from commerce.files.rules.limits import MB, FileLimits
from commerce.gift_cards.codes import GiftCardCodes
from commerce.idempotency.seal import CallSeal
from commerce.identity.access_tokens import AccessTokens
from commerce.identity.passwords import Passwords
from commerce.identity.refresh_tokens import RefreshTokens
from commerce.integrations.carrier_rates import carrier_rates
from commerce.integrations.embedded_postgres import embedded_postgres
from commerce.integrations.payment_providers import payment_providers
from commerce.integrations.post_office import mail_renderer, post_office
from commerce.integrations.rate_limits import rate_limiter
from commerce.integrations.safe_http import SafeHttp
from commerce.integrations.storage import file_storage
from commerce.integrations.tax_service import tax_service
from commerce.integrations.web_files import WebFiles
from commerce.migrate import migrate, require_ready
from commerce.privacy.rules import Retention
from commerce.settings import Settings, SettingsError
from commerce.wiring import Ports
from commerce.wiring.ports import WEBHOOKS

MESSAGES: Final = "outgoing messages"  # the purpose their cipher is bound to
GIFT_CARDS: Final = "gift card codes"
DOCUMENTS: Final = "links to documents"
FILES: Final = "links to files"
WAITING: Final = 0.8  # of the time a request has; the rest is for doing it
SECRET_FILE: Final = "secret.key"  # noqa: S105  # the file's name
PLAIN_DRIVERS: Final = frozenset({"postgres", "postgresql"})
DRIVER: Final = "postgresql+asyncpg"


@dataclass(frozen=True, slots=True)
class Resources:
    """What lives as long as the process. Tests bring their own.

    `events_written` is set when one of its transactions has told of something, `events_numbered`
    when that is in the log. `webhook_tries` counts what came of them.
    """

    settings: Settings
    open_unit: OpenUnit
    clock: Clock
    cursors: Cursors
    authenticator: Authenticator
    ports: Ports
    database_url: str
    database: Database | None = None
    events_written: asyncio.Event = field(default_factory=asyncio.Event)
    events_numbered: asyncio.Event = field(default_factory=asyncio.Event)
    webhook_tries: Counter[str] = field(default_factory=Counter)

    @property
    def open_unit_aside(self) -> OpenUnit:
        """For the server's own work, which waits for no turn behind the requests of others."""
        return self.open_unit if self.database is None else units_on(self.database)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Resources]:
    """The resources of these settings, the database at the schema of this version.

    The embedded database is started and migrated. A given one is only looked at: raises
    `SchemaError` when it is not at this version's schema.
    """
    async with database_url(settings) as url:
        if settings.database_url is None:
            await migrate(url)
        else:
            await require_ready(url)
        database = Database(url, _limits(settings))
        try:
            async with rate_limiter(_redis_url(settings), system_clock) as limiter:
                resources = _resources(settings, database, url, limiter)
                try:
                    yield resources
                finally:
                    await resources.ports.payment_providers.close()
                    await resources.ports.outgoing.close()
        finally:
            await database.close()


async def preflight(settings: Settings) -> None:
    """Fail on messages that could not be sent, and on a given database, before any server
    process is started for it."""
    post_office(settings, system_clock)
    if settings.database_url is not None:
        await require_ready(driver_url(settings.database_url.get_secret_value()))


@asynccontextmanager
async def database_url(settings: Settings) -> AsyncIterator[str]:
    """The given database's URL, or the embedded one's while it is kept running."""
    if settings.database_url is not None:
        yield driver_url(settings.database_url.get_secret_value())
        return
    async with embedded_postgres(settings.data_dir) as url:
        yield url


def driver_url(given: str) -> str:
    """`postgres://…` as hosting services hand it out, in the form the driver takes."""
    try:
        url = make_url(given)
    except ArgumentError:
        raise SettingsError("COMMERCE_DATABASE_URL is not a database URL") from None
    if url.drivername in PLAIN_DRIVERS:
        url = url.set(drivername=DRIVER)
    if url.drivername != DRIVER:
        raise SettingsError("COMMERCE_DATABASE_URL must start with postgresql://")
    if "sslmode" in url.query:
        mode = url.query["sslmode"]
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return url.render_as_string(hide_password=False)


def secret_key(settings: Settings) -> bytes:
    """The given secret, or one made on first use and kept in the data folder."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    return _kept_secret(settings.data_dir / SECRET_FILE)


def _kept_secret(file: Path) -> bytes:
    """Written to a file of its own and linked into place: of many processes the first one wins."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_bytes()


def make_ports(settings: Settings, limiter: RateLimiter, open_unit: OpenUnit) -> Ports:
    """What services reach outside the database with these settings."""
    secret, outgoing = secret_key(settings), SafeHttp(settings.calling_rules)
    return Ports(
        limiter=limiter,
        attempts=Attempts(limiter, secret),
        message_cipher=Cipher(MESSAGES, secret),
        webhook_cipher=Cipher(WEBHOOKS, secret),
        call_seal=CallSeal(secret),
        passwords=Passwords(),
        access_tokens=AccessTokens(secret),
        refresh_tokens=RefreshTokens(secret),
        public_url=settings.public_url,
        sandbox=settings.sandbox,
        mail_renderer=mail_renderer(settings),
        carrier_rates=carrier_rates(settings),
        tax_provider=tax_service(settings),
        payment_providers=payment_providers(settings, open_unit, system_clock),
        gift_card_codes=GiftCardCodes(derived_key(GIFT_CARDS, secret)),
        document_links=SignedLinks(settings.public_url, derived_key(DOCUMENTS, secret)),
        retention=Retention(
            settings.cart_retention_days,
            settings.invoice_retention_years,
            settings.event_days,
            settings.job_days,
            settings.export_hours,
        ),
        outgoing=outgoing,
        file_storage=file_storage(settings),
        file_fetch=WebFiles(outgoing),
        file_links=SignedLinks(settings.public_url, derived_key(FILES, secret)),
        file_limits=FileLimits(settings.upload_megabytes * MB, settings.storage_megabytes * MB),
    )


def _redis_url(settings: Settings) -> str | None:
    return None if settings.redis_url is None else settings.redis_url.get_secret_value()


def _limits(settings: Settings) -> PoolLimits:
    return PoolLimits(
        size=settings.pool_size,
        overflow=settings.pool_overflow,
        wait=settings.pool_wait,
        statement=settings.statement_timeout,
        lock=settings.lock_timeout,
    )


def _resources(settings: Settings, database: Database, url: str, limiter: RateLimiter) -> Resources:
    patience = settings.request_timeout * WAITING
    events_written = asyncio.Event()
    turns = Turns(database, settings.transactions, patience)
    open_unit = units_on(turns, events_written.set)
    # The provider of tests is somebody else: its book waits for nobody's turn here.
    ports = make_ports(settings, limiter, units_on(database))
    return Resources(
        settings=settings,
        open_unit=open_unit,
        clock=system_clock,
        cursors=Cursors(secret_key(settings)),
        authenticator=Authenticator(
            open_unit, system_clock, ports.access_tokens, sandbox=settings.sandbox
        ),
        ports=ports,
        database_url=url,
        database=database,
        events_written=events_written,
    )
