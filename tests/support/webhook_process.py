"""Numbers events and sends webhooks in a process of its own, to be killed: `... DATABASE_URL`.

A `forgetful` one has the guard removed: it takes deliveries for sent when it takes them, and has
all but one of them in hand when it is killed.
"""

import asyncio
import sys
from typing import Any

from sqlalchemy import text

from commerce.core.cipher import Cipher
from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.integrations.safe_http import SafeHttp
from commerce.webhook_delivery import webhook_formats
from commerce.webhooks.deliverer import Deliverer, Pace
from commerce.webhooks.queue import Waiting
from commerce.webhooks.repository.sending import SendingRepository
from commerce.wiring.ports import WEBHOOKS
from tests.support.services import SECRET
from tests.support.webhooks import calling_rules

# Whoever is killed keeps others from what he was sending for that long.
QUICK = Pace(poll=0.02, claim=1.0)
FORGET = text(
    "UPDATE webhook_deliveries SET state = 'delivered', ended_at = now() WHERE id = ANY(:ids)"
)


class ForgetfulRepository(SendingRepository):
    async def due(self, *args: Any) -> Any:
        rows = await super().due(*args)
        await self._uow.change(FORGET, {"ids": [row.id for row in rows]})
        return rows


class ForgetfulDeliverer(Deliverer):
    """Sends one message; with the others that it took it is not done before it is killed."""

    sent = False

    def _sending(self, uow: Any) -> SendingRepository:
        return ForgetfulRepository(uow)

    async def _deliver(self, waiting: Waiting) -> None:
        if self.sent:
            await asyncio.Event().wait()
        self.sent = True
        await super()._deliver(waiting)


async def deliver(database_url: str, kind: type[Deliverer]) -> None:
    units = units_on(Database(database_url))
    cipher = Cipher(WEBHOOKS, SECRET)
    client = SafeHttp(calling_rules())
    await kind(units, client, webhook_formats({}), cipher, system_clock, QUICK).run()


if __name__ == "__main__":
    _, url, *forgetful = sys.argv
    asyncio.run(deliver(url, ForgetfulDeliverer if forgetful else Deliverer))
