"""Codes and refresh tokens that are used by many at once."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.oauth.protocol import Asked
from commerce.oauth.repository.clients import ClientRepository
from commerce.oauth.repository.grants import GrantRepository
from commerce.oauth.rules.credentials import hash_of, new_code
from commerce.oauth.service.clients import RegisteredClient
from commerce.oauth.service.granting import GrantingService
from commerce.wiring import Services
from tests.support.oauth import BACK, CHALLENGE, VERIFIER, proven, register
from tests.support.races import Meeting
from tests.support.services import transacted
from tests.support.staff import make_member, make_role

MANY = 20


class Met(GrantRepository):
    """All have read the code, or the grant, before one goes on."""

    meeting: Meeting

    async def code(self, code_sha256: bytes) -> Any:
        found = await super().code(code_sha256)
        await self.meeting.arrive()
        return found

    async def by_public_id(self, public_id: str) -> Any:
        found = await super().by_public_id(public_id)
        await self.meeting.arrive()
        return found


class Unguarded(Met):
    """The guards removed: what was read is believed."""

    async def use_code(self, id_: int, at: datetime) -> bool:
        return True

    async def rotate(
        self, id_: int, used: bytes, fresh: bytes, at: datetime, idle: timedelta
    ) -> bool:
        return True


async def till_with_code(services: Services) -> tuple[RegisteredClient, str]:
    # Tests empty every table after them, the roles of the migration too.
    staff = await make_member(services.uow, role=await make_role(services.uow, "Everything"))
    till, code = await register(services.uow), new_code()
    await GrantRepository(services.uow).add_code(
        code_sha256=hash_of(code),
        client_id=till.row.id,
        staff_id=staff,
        redirect_uri=BACK,
        scopes=till.row.scopes,
        challenge=CHALLENGE,
        expires_at=system_clock() + timedelta(minutes=1),
    )
    return till, code


async def at_once(database: Database, grants: type[Met], asked: Asked) -> Sequence[int]:
    """The statuses of many requests that read the same before any of them writes."""
    Met.meeting = Meeting(parties=MANY, patience=5)

    async def one() -> int:
        async with units_on(database)() as uow:
            service = GrantingService(uow, ClientRepository(uow), grants(uow), system_clock)
            return (await service.token(asked))[0]

    return await asyncio.gather(*(one() for _ in range(MANY)))


def redeeming(till: RegisteredClient, code: str) -> Asked:
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    return Asked("POST", proven(till, {**sent, "code_verifier": VERIFIER}))


async def refreshing(database: Database, till: RegisteredClient, code: str) -> Asked:
    async with units_on(database)() as uow:
        grants = GrantRepository(uow)
        service = GrantingService(uow, ClientRepository(uow), grants, system_clock)
        _, body, _ = await service.token(redeeming(till, code))
    sent = {"grant_type": "refresh_token", "refresh_token": body["refresh_token"]}
    return Asked("POST", proven(till, sent))


@pytest.mark.parametrize(("grants", "given"), [(Met, [1]), (Unguarded, range(2, MANY + 1))])
async def test_one_of_many_redemptions_of_a_code_gets_tokens(
    database: Database, grants: type[Met], given: Sequence[int]
) -> None:
    till, code = await transacted(database, till_with_code)
    statuses = await at_once(database, grants, redeeming(till, code))
    assert statuses.count(200) in given
    assert statuses.count(200) + statuses.count(400) == MANY


@pytest.mark.parametrize(("grants", "given"), [(Met, [1]), (Unguarded, range(2, MANY + 1))])
async def test_one_of_many_uses_of_a_refresh_token_gets_tokens(
    database: Database, grants: type[Met], given: Sequence[int]
) -> None:
    till, code = await transacted(database, till_with_code)
    statuses = await at_once(database, grants, await refreshing(database, till, code))
    assert statuses.count(200) in given
    assert statuses.count(200) + statuses.count(400) == MANY


async def test_what_a_doubled_code_gave_is_taken_back(database: Database) -> None:
    till, code = await transacted(database, till_with_code)
    await at_once(database, Met, redeeming(till, code))

    async def left(services: Services) -> list[Any]:
        revoked = text("SELECT revoked_at IS NOT NULL FROM oauth_grants")
        return [row[0] for row in await services.uow.rows(revoked)]

    assert await transacted(database, left) == [True]


@pytest.mark.parametrize("guarded", [True, False])
async def test_a_client_that_is_deleted_meanwhile_gets_nothing_and_breaks_nothing(
    database: Database, guarded: bool
) -> None:
    till, code = await transacted(database, till_with_code)

    class Late(GrantRepository):
        """The client is deleted when the code has been read."""

        async def code(self, code_sha256: bytes) -> Any:
            found = await super().code(code_sha256)
            await transacted(database, lambda services: services.oauth_clients.delete(till.row.id))
            return found

    class Trusting(ClientRepository):
        """The guard removed."""

        async def hold(self, id_: int) -> bool:
            return True

    async with units_on(database)() as uow:
        clients = ClientRepository(uow) if guarded else Trusting(uow)
        service = GrantingService(uow, clients, Late(uow), system_clock)
        asked = Asked("POST", proven(till, {"grant_type": "client_credentials", "code": code}))
        if guarded:
            status, body, _ = await service.token(asked)
            assert (status, body["error"]) == (400, "invalid_grant")
        else:
            with pytest.raises(IntegrityError):
                await service.token(asked)
