import asyncio
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.catalog.kinds import DeletedKind, MetafieldOwner, Sluggable
from commerce.catalog.models import Brand, Metafield, Product, SlugRedirect, Tombstone
from commerce.catalog.repository import brands as brand_rows
from commerce.catalog.repository.brands import BrandRepository
from commerce.catalog.repository.slugged import SluggedRow
from commerce.catalog.repository.slugs import SlugRepository
from commerce.catalog.service import slugged
from commerce.catalog.service.brands import BrandService
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.problems import Invalid, NotFound, Problem, VersionConflict
from commerce.core.viewer import SYSTEM
from commerce.wiring import Services
from tests.support.catalog import make_brand, make_product
from tests.support.races import Meeting


@pytest.fixture
def brands(uow: UnitOfWork) -> BrandService:
    return Services(uow, SYSTEM, system_clock).brands


def code(result: Any) -> str:
    assert isinstance(result, Problem)
    return result.code


async def test_a_new_brand_is_found_by_a_slug_made_of_its_name(brands: BrandService) -> None:
    added = await brands.upsert(None, {"name": " Crème & Co "})
    assert not isinstance(added, Problem)
    assert (added.name, added.slug, added.version) == ("Crème & Co", "creme-co", 1)
    assert await brands.one(None, "creme-co") == added


async def test_the_same_name_twice_is_one_brand(brands: BrandService, uow: UnitOfWork) -> None:
    await brands.upsert(None, {"name": "Acme"})
    assert code(await brands.upsert(None, {"name": "Acme"})) == "SLUG_TAKEN"
    assert await uow.scalars(select(Brand.name)) == ["Acme"]


async def test_a_slug_that_is_given_names_the_brand_to_change(brands: BrandService) -> None:
    added = await brands.upsert(None, {"slug": "acme", "name": "Acme", "logo_url": "a.png"})
    again = await brands.upsert(None, {"slug": "acme", "name": "Acme", "logo_url": "a.png"})
    assert added == again
    changed = await brands.upsert(None, {"slug": "acme", "name": "ACME"})
    assert not isinstance(changed, Problem)
    assert (changed.name, changed.logo_url, changed.version) == ("ACME", "a.png", 2)


async def test_what_must_be_new_leaves_alone_what_is_there(
    brands: BrandService, uow: UnitOfWork
) -> None:
    acme = await make_brand(uow)
    taken = await brands.upsert(None, {"slug": "acme", "name": "Other"}, must_be_new=True)
    assert code(taken) == "SLUG_TAKEN"
    for id_, version in ((acme.id, None), (None, 1)):
        refused = await brands.upsert(id_, {"name": "Other"}, version, must_be_new=True)
        assert code(refused) == "INVALID"
    assert await brands.one(acme.id, None) == acme
    numbered = await brands.upsert(None, {"name": "Acme"}, must_be_new=True)
    assert not isinstance(numbered, Problem)
    assert numbered.slug == "acme-2"


async def test_only_given_values_are_changed(brands: BrandService, uow: UnitOfWork) -> None:
    acme = await make_brand(uow, logo_url="a.png", position=4)
    changed = await brands.upsert(acme.id, {"active": False, "logo_url": None})
    assert not isinstance(changed, Problem)
    assert (changed.name, changed.active, changed.logo_url) == ("Acme", False, None)
    assert (changed.position, changed.version) == (4, 2)
    assert await brands.upsert(acme.id, {"active": False}) == changed


async def test_a_brand_is_changed_in_the_expected_version(
    brands: BrandService, uow: UnitOfWork
) -> None:
    acme = await make_brand(uow, version=3)
    refused = await brands.upsert(acme.id, {"name": "New"}, expected_version=2)
    assert isinstance(refused, VersionConflict)
    assert refused.current == 3
    assert isinstance(await brands.delete(acme.id, expected_version=2), VersionConflict)
    changed = await brands.upsert(acme.id, {"name": "New"}, expected_version=3)
    assert not isinstance(changed, Problem)
    assert changed.version == 4


async def test_what_is_not_there_is_not_found(brands: BrandService) -> None:
    missing = await brands.upsert(999_999, {"name": "New"})
    assert isinstance(missing, NotFound)
    assert missing.path == ("id",)
    unborn = await brands.upsert(None, {"slug": "new", "name": "New"}, expected_version=1)
    assert isinstance(unborn, NotFound)
    assert unborn.path == ("slug",)
    assert isinstance(await brands.delete(999_999), NotFound)


@pytest.mark.parametrize(
    "values", [{}, {"name": " "}, {"name": "Acme", "slug": "A b"}, {"name": "A", "logo_url": "x:"}]
)
async def test_flawed_values_are_refused(
    brands: BrandService, uow: UnitOfWork, values: dict[str, Any]
) -> None:
    assert isinstance(await brands.upsert(None, values), Invalid)
    assert await uow.scalar(select(Brand.id)) is None


async def test_a_former_slug_still_finds_the_brand(brands: BrandService) -> None:
    acme = await brands.upsert(None, {"name": "Acme"})
    assert not isinstance(acme, Problem)
    renamed = await brands.upsert(acme.id, {"slug": "apex"})
    assert await brands.one(None, "acme") == renamed
    assert await brands.one(None, "apex") == renamed
    other = await brands.upsert(None, {"name": "Acme"})
    assert await brands.one(None, "acme") == other


async def test_a_slug_in_use_is_not_taken(brands: BrandService, uow: UnitOfWork) -> None:
    acme = await make_brand(uow)
    await make_brand(uow, "Apex")
    refused = await brands.upsert(acme.id, {"slug": "apex"})
    assert (code(refused), getattr(refused, "path", None)) == ("SLUG_TAKEN", ("slug",))


async def test_a_deleted_brand_leaves_its_products_and_a_tombstone(
    brands: BrandService, uow: UnitOfWork
) -> None:
    acme, apex = await make_brand(uow), await make_brand(uow, "Apex")
    mine = await make_product(uow, "Mine", brand_id=acme.id)
    other = await make_product(uow, "Other", brand_id=apex.id)
    services = Services(uow, SYSTEM, system_clock)
    await services.repositories.slugs.moved(Sluggable.BRAND, acme.id, "old-acme", "acme")
    named = {"owner_kind": MetafieldOwner.BRAND, "namespace": "erp", "key": "id", "value": 1}
    await uow.change(Metafield.__table__.insert().values(owner_id=acme.id, **named))  # type: ignore[attr-defined]  # SQLModel sets it

    assert await brands.delete(acme.id) == acme.id

    columns = (Product.id, Product.brand_id, Product.version)
    rows = await uow.rows(select(*columns).order_by(col(Product.id)))
    assert [tuple(row) for row in rows] == [(mine.id, None, 2), (other.id, apex.id, 1)]
    stones = await uow.rows(select(Tombstone.kind, Tombstone.resource_id))
    assert [tuple(stone) for stone in stones] == [(DeletedKind.BRAND, acme.id)]
    assert await uow.scalar(select(SlugRedirect.slug)) is None
    assert await uow.scalar(select(Metafield.id)) is None
    assert await brands.one(acme.id, None) is None
    assert isinstance(await brands.delete(acme.id), NotFound)


@pytest.mark.parametrize("products", [1, 2, 4, 5])
async def test_a_brand_of_many_products_leaves_them_batch_by_batch(
    brands: BrandService, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch, products: int
) -> None:
    monkeypatch.setattr(brand_rows, "BATCH", 2)
    acme = await make_brand(uow)
    for number in range(products):
        await make_product(uow, f"P{number}", brand_id=acme.id)
    assert await brands.delete(acme.id) == acme.id
    rows = await uow.rows(select(Product.brand_id, Product.version))
    assert [tuple(row) for row in rows] == [(None, 2)] * products


class MetBrands(BrandRepository):
    """Both have looked for the slug before either adds it."""

    def __init__(self, uow: UnitOfWork, meeting: Meeting) -> None:
        super().__init__(uow, SYSTEM)
        self._meeting: Meeting | None = meeting

    async def locked_by_slug(self, slug: str) -> SluggedRow | None:
        found = await super().locked_by_slug(slug)
        meeting, self._meeting = self._meeting, None
        if meeting is not None:
            await meeting.arrive()
        return found


async def upsert_twice_at_once(database: Database) -> list[Any]:
    open_unit, meeting = units_on(database), Meeting()

    async def upsert(name: str) -> Any:
        async with open_unit() as uow:
            own = Services(uow, SYSTEM, system_clock).repositories
            stored = MetBrands(uow, meeting)
            service = BrandService(stored, SlugRepository(uow), own.metafields, own.tombstones)
            return await uow.transact(lambda: service.upsert(None, {"slug": "acme", "name": name}))

    return list(await asyncio.gather(upsert("One"), upsert("Two")))


async def test_two_who_add_the_same_slug_at_once_make_one_brand(database: Database) -> None:
    answers = await upsert_twice_at_once(database)
    assert sorted(answer.version for answer in answers) == [1, 2]
    assert answers[0].id == answers[1].id


async def test_without_looking_again_one_of_them_would_be_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slugged, "TRIES", 1)
    answers = await upsert_twice_at_once(database)
    assert sum(isinstance(answer, Problem) for answer in answers) == 1
