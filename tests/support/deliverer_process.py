"""Delivers in a process of its own, to be killed: `... DATABASE_URL SMTP_URL [forgetful]`.

A forgetful one has the guard removed: it forgets messages when it takes them.
"""

import asyncio
import sys
from typing import Any

from sqlalchemy import delete

from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.integrations.smtp import SmtpMailer, SmtpServer
from commerce.notifications.deliverer import Deliverer
from commerce.notifications.models import OutgoingMessage
from commerce.notifications.repository import OutgoingMessageRepository
from tests.support.notifications import make_deliverer


class ForgetfulRepository(OutgoingMessageRepository):
    async def lease(self, *args: Any) -> Any:
        rows = await super().lease(*args)
        await self._uow.change(delete(OutgoingMessage))
        return rows


class ForgetfulDeliverer(Deliverer):
    def _messages(self, uow: Any) -> OutgoingMessageRepository:
        return ForgetfulRepository(uow)


async def deliver(database_url: str, smtp_url: str, kind: type[Deliverer]) -> None:
    mailer = SmtpMailer(SmtpServer.from_url(smtp_url), "shop.example.com")
    units = units_on(Database(database_url))
    await make_deliverer(units, mailer, system_clock, kind=kind).run()


if __name__ == "__main__":
    _, database_url, smtp_url, *forgetful = sys.argv
    kind = ForgetfulDeliverer if forgetful else Deliverer
    asyncio.run(deliver(database_url, smtp_url, kind))
