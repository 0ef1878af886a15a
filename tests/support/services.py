"""Services on connections of their own, for tests of what happens side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from commerce.core.attempts import Attempts
from commerce.core.cipher import Cipher
from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.limiter import Unlimited
from commerce.core.network import CallingRules
from commerce.core.pool import Database
from commerce.core.problems import Problem
from commerce.core.viewer import SYSTEM
from commerce.idempotency.seal import CallSeal
from commerce.identity.access_tokens import AccessTokens
from commerce.identity.passwords import Passwords
from commerce.identity.refresh_tokens import RefreshTokens
from commerce.integrations.safe_http import SafeHttp
from commerce.wiring import Ports, Services

SECRET = b"a secret of the tests"
PORTS = Ports(
    limiter=Unlimited(),
    attempts=Attempts(Unlimited(), SECRET),
    message_cipher=Cipher("outgoing messages", SECRET),
    call_seal=CallSeal(SECRET),
    passwords=Passwords(),
    access_tokens=AccessTokens(SECRET),
    refresh_tokens=RefreshTokens(SECRET),
    public_url="http://store.test",
    webhook_cipher=Cipher("webhooks", SECRET),
    # Which addresses may be called is decided as in a server; none is in most tests.
    outgoing=SafeHttp(CallingRules(plain_http=True)),
)
Work = Callable[[Services], Awaitable[Any]]


async def transacted(database: Database, work: Work) -> Any:
    """What `work` answers in a transaction of its own, rolled back when that is a problem."""
    async with units_on(database)() as uow:
        services = Services(uow, SYSTEM, system_clock, PORTS)
        return await uow.transact(
            lambda: work(services), keep=lambda answer: not isinstance(answer, Problem)
        )


async def side_by_side(database: Database, works: Sequence[Work]) -> list[Any]:
    """The answers, or what was raised, of transactions that start at the same time."""
    running = (transacted(database, work) for work in works)
    return list(await asyncio.gather(*running, return_exceptions=True))
