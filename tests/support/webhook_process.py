"""Numbers events and sends webhooks in a process of its own, to be killed: `... DATABASE_URL`.

A `forgetful` one has the guard removed: it takes deliveries for sent when it takes them.
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
from commerce.webhooks.repository.sending import SendingRepository
from commerce.wiring.ports import WEBHOOKS
from tests.support.services import SECRET
from tests.support.webhooks import calling_rules

# Whoever is killed holds what he was sending for that long.
QUICK = Pace(poll=0.02, lease=1.0)
FORGET = text(
    "UPDATE webhook_deliveries SET state = 'delivered', ended_at = now(), leased_until = NULL"
    " WHERE leased_until IS NOT NULL"
)


class ForgetfulRepository(SendingRepository):
    async def lease(self, *args: Any) -> Any:
        rows = await super().lease(*args)
        await self._uow.change(FORGET)
        return rows

    async def freeze(self, *_args: Any) -> bool:
        return True


class ForgetfulDeliverer(Deliverer):
    def _sending(self, uow: Any) -> SendingRepository:
        return ForgetfulRepository(uow)


async def deliver(database_url: str, kind: type[Deliverer]) -> None:
    units = units_on(Database(database_url))
    cipher = Cipher(WEBHOOKS, SECRET)
    client = SafeHttp(calling_rules())
    await kind(units, client, webhook_formats({}), cipher, system_clock, QUICK).run()


if __name__ == "__main__":
    _, url, *forgetful = sys.argv
    asyncio.run(deliver(url, ForgetfulDeliverer if forgetful else Deliverer))
