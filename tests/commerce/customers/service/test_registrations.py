"""Two registrations of one address at the same time."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from commerce.core.db import Database, units_on
from commerce.notifications.messages import Mail
from commerce.wiring import Services
from tests.support.services import side_by_side

NOW = datetime(2100, 1, 1, tzinfo=UTC)


async def _registered(services: Services, password_hash: str) -> Mail:
    return await services.registrations.registered(
        {
            "email": "ada@shop.example",
            "password_hash": password_hash,
            "values": {"first_name": "Ada", "extra_fields": {}},
            "accepts_marketing": False,
            "at": NOW.isoformat(),
        }
    )


async def test_of_many_registrations_of_an_address_one_customer_comes_and_one_link_works(
    database: Database,
) -> None:
    def register(number: int) -> Any:
        return lambda services: _registered(services, f"hash {number}")

    answers = await side_by_side(database, [register(number) for number in range(8)])
    tokens = {mail.context["token"]: number for number, mail in enumerate(answers)}
    async with units_on(database)() as uow:
        assert await uow.scalar(text("SELECT count(*) FROM customers")) == 1
        stored = await uow.scalar(text("SELECT password_hash FROM customers"))

    def verify(token: str) -> Any:
        return lambda services: services.registrations.verify(token)

    problems = [(await side_by_side(database, [verify(token)]))[0] for token in tokens]
    worked = [number for number, problem in enumerate(problems) if problem is None]
    assert [f"hash {number}" for number in worked] == [stored]
