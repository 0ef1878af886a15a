"""What a server does by itself: again and again, and whatever goes wrong."""

import asyncio
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text

from commerce.chores import CHORES, SCHEDULED, Chore, Scheduled, do, doing
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import UnavailableError
from commerce.runtime import Resources
from commerce.wiring import Services
from tests.support.customers import make_customer
from tests.support.machine import within

CLIENT = """
    INSERT INTO oauth_clients (client_id, name, is_public) VALUES ('c', 'C', true) RETURNING id
"""
# Each adds a row that ends at a moment.
EXPIRING = (
    "INSERT INTO sessions (customer_id, refresh_sha256, expires_at) VALUES (:of, :place, :at)",
    """
    INSERT INTO purpose_tokens (purpose, customer_id, sha256, bound_sha256, expires_at)
    VALUES (:purpose, :of, :place, '', :at)
    """,
    "INSERT INTO oauth_grants (client_id, created_at) VALUES (:client, :at)",
    "INSERT INTO outgoing_messages (kind, died_at) VALUES ('mail', :at)",
)


@pytest.mark.parametrize("chore", [*CHORES, *SCHEDULED], ids=lambda chore: chore.name)
async def test_every_chore_can_be_done_in_an_empty_store(
    resources: Resources, chore: Chore | Scheduled
) -> None:
    with structlog.testing.capture_logs() as logs:
        assert await do(resources, chore) == 0
    assert logs == []


@pytest.mark.parametrize("error", [ValueError("a bug"), UnavailableError("away")])
async def test_what_goes_wrong_is_told_and_left_for_the_next_time(
    resources: Resources, error: Exception
) -> None:
    async def fail(_services: Services) -> int:
        raise error

    with structlog.testing.capture_logs() as logs:
        assert await do(resources, Chore("broken", 1, fail)) == 0
    assert [entry["chore"] for entry in logs] == ["broken"]


async def test_chores_are_done_again_and_again_until_the_end(resources: Resources) -> None:
    done, thrice = 0, asyncio.Event()

    async def work(_services: Services) -> int:
        nonlocal done
        done += 1
        if done == 3:
            thrice.set()
        return 0

    async with doing(resources, [Chore("often", 0.01, work)]):
        await asyncio.wait_for(thrice.wait(), within(5))
    before = done
    await asyncio.sleep(0.05)
    assert done == before


async def test_what_is_over_is_forgotten_and_what_is_not_stays(
    resources: Resources, uow: UnitOfWork
) -> None:
    now = system_clock()
    customer = await make_customer(uow)
    client = await uow.scalar(text(CLIENT))
    ends = {"verify_email": now - timedelta(days=100), "reset_password": now + timedelta(days=1)}
    for purpose, at in ends.items():
        values = {"at": at, "purpose": purpose, "place": purpose.encode(), "of": customer.id}
        for statement in EXPIRING:
            await uow.change(text(statement), [{**values, "client": client}])
    (forget,) = (each for each in SCHEDULED if each.name == "what_is_over")
    assert [await do(resources, forget) for _ in range(2)] == [len(EXPIRING), 0]
    for table in ("sessions", "purpose_tokens", "oauth_grants", "outgoing_messages"):
        assert await uow.scalar(text(f"SELECT count(*) FROM {table}")) == 1, table
