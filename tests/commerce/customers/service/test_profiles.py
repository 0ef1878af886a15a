"""Profiles changed from two sides; the twin shows what happens without the guard."""

from typing import Any

from sqlalchemy import select, text
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.core.problems import VersionConflict
from commerce.customers.models import Customer
from commerce.customers.repository.profiles import ProfileRepository
from commerce.customers.repository.shown import CUSTOMER
from commerce.customers.service.profiles import ProfileService
from commerce.wiring import Services
from tests.support.customers import make_customer, viewer_of
from tests.support.races import Meeting
from tests.support.services import side_by_side


class MetProfiles(ProfileRepository):
    """Two writers read the customer before either of them writes, if nothing keeps them from it."""

    meeting: Meeting

    async def own_to_change(self) -> Any:
        found = await self._read()
        await self.meeting.arrive()
        return found

    async def _read(self) -> Any:
        return await super().own_to_change()


class FreeProfiles(MetProfiles):
    """The guard taken away: the row is not locked."""

    async def _read(self) -> Any:
        own = self._viewer.customer_id
        return await self._uow.row(select(*CUSTOMER).where(col(Customer.id) == own))


async def _change_side_by_side(
    database: Database, kind: type[MetProfiles]
) -> tuple[list[Any], int]:
    """The answers of two who change the first version, and the version after them."""
    async with units_on(database)() as uow:
        customer = await make_customer(uow)
    meeting = Meeting()

    def change(company: str) -> Any:
        async def work(services: Services) -> Any:
            profiles = kind(services.uow, viewer_of(customer))
            profiles.meeting = meeting
            service = ProfileService(
                profiles, services.customer_extra_fields, viewer_of(customer), system_clock
            )
            return await service.update({"company": company}, expected_version=1)

        return work

    answers = await side_by_side(database, [change("One"), change("Two")])
    async with units_on(database)() as uow:
        return answers, await uow.scalar(text("SELECT version FROM customers"))


async def test_of_two_who_expect_the_same_version_one_wins(database: Database) -> None:
    answers, version = await _change_side_by_side(database, MetProfiles)
    refused = [answer for answer in answers if isinstance(answer, VersionConflict)]
    assert [conflict.current for conflict in refused] == [2]
    assert version == 2


async def test_without_the_lock_both_would_win(database: Database) -> None:
    answers, version = await _change_side_by_side(database, FreeProfiles)
    assert sorted(answer.company for answer in answers) == ["One", "Two"]
    assert version == 3
