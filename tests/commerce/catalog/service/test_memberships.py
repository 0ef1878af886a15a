import asyncio
from typing import Any

import pytest
from sqlalchemy import ColumnElement, select
from sqlmodel import col

from commerce.catalog.kinds import ProductStatus
from commerce.catalog.models import CollectionProduct, Product
from commerce.catalog.repository.collections import CollectionRepository
from commerce.catalog.repository.memberships import MembershipRepository
from commerce.catalog.repository.slugged import SluggedRow
from commerce.catalog.service.collections import CollectionService
from commerce.catalog.service.memberships import GroupService
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.paging import PageArgs
from commerce.core.pool import Database
from commerce.core.problems import Invalid, NotFound, Problem, VersionConflict
from commerce.core.viewer import SYSTEM
from commerce.wiring import Services
from tests.support.catalog import make_category, make_collection, make_product
from tests.support.races import Meeting


@pytest.fixture(params=["categories", "collections"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def groups(uow: UnitOfWork, kind: str) -> GroupService:
    service: GroupService = getattr(Services(uow, SYSTEM, system_clock), kind)
    return service


async def make_group(uow: UnitOfWork, kind: str, *products: Any) -> Any:
    make = make_category if kind == "categories" else make_collection
    return await make(uow, "Summer", *products)


async def products_of(uow: UnitOfWork, kind: str, group: Any) -> list[str]:
    pages = f"pages_by_{'category' if kind == 'categories' else 'collection'}"
    repository = Services(uow, SYSTEM, system_clock).repositories.products
    found = await getattr(repository, pages)([group.id], PageArgs(100))
    return [row.slug for row in found[group.id].rows]


async def make_products(uow: UnitOfWork, slugs: str) -> list[Any]:
    return [await make_product(uow, slug) for slug in slugs]


async def test_a_list_is_set_whole_and_in_order(
    groups: GroupService, kind: str, uow: UnitOfWork
) -> None:
    a, b, c, d = await make_products(uow, "abcd")
    group = await make_group(uow, kind, a, b, c)
    changed = await groups.set_products(group.id, [d.id, c.id, a.id])
    assert not isinstance(changed, Problem)
    assert changed.version == 2
    assert await products_of(uow, kind, group) == ["d", "c", "a"]
    again = await groups.set_products(group.id, [d.id, c.id, a.id])
    assert again == changed
    empty = await groups.set_products(group.id, [])
    assert not isinstance(empty, Problem)
    assert await products_of(uow, kind, group) == []


@pytest.mark.parametrize(
    ("position", "expected"), [(None, "abcd"), (0, "dbac"), (1, "adbc"), (9, "acdb")]
)
async def test_products_are_added_at_the_end_or_brought_to_a_place(
    groups: GroupService, kind: str, uow: UnitOfWork, position: int | None, expected: str
) -> None:
    a, b, c, d = await make_products(uow, "abcd")
    group = await make_group(uow, kind, a, b, c)
    for _ in range(2):
        added = await groups.add_products(group.id, [d.id, b.id], position)
        assert not isinstance(added, Problem)
        assert added.version == 2
        assert await products_of(uow, kind, group) == list(expected)


async def test_products_are_taken_out(groups: GroupService, kind: str, uow: UnitOfWork) -> None:
    a, b, c, d = await make_products(uow, "abcd")
    group = await make_group(uow, kind, a, b, c)
    for _ in range(2):
        left = await groups.remove_products(group.id, [b.id, d.id])
        assert not isinstance(left, Problem)
        assert left.version == 2
        assert await products_of(uow, kind, group) == ["a", "c"]


@pytest.mark.parametrize(
    ("chosen", "position", "expected"),
    [("c", 0, "cabd"), ("a", 2, "bcad"), ("db", 1, "adbc"), ("dcba", 0, "dcba"), ("b", 99, "acdb")],
)
async def test_products_are_reordered(
    groups: GroupService,
    kind: str,
    uow: UnitOfWork,
    chosen: str,
    position: int,
    expected: str,
) -> None:
    products = dict(zip("abcd", await make_products(uow, "abcd"), strict=True))
    group = await make_group(uow, kind, *products.values())
    ids = [products[slug].id for slug in chosen]
    for _ in range(2):
        changed = await groups.reorder_products(group.id, ids, position)
        assert not isinstance(changed, Problem)
        assert changed.version == 2
        assert await products_of(uow, kind, group) == list(expected)


async def test_only_products_of_the_list_are_reordered(
    groups: GroupService, kind: str, uow: UnitOfWork
) -> None:
    a, b, c = await make_products(uow, "abc")
    group = await make_group(uow, kind, a, b)
    refused = await groups.reorder_products(group.id, [b.id, c.id])
    assert isinstance(refused, NotFound)
    assert refused.path == ("product_ids", "1")
    assert await products_of(uow, kind, group) == ["a", "b"]


async def test_what_is_no_product_is_put_nowhere(
    groups: GroupService, kind: str, uow: UnitOfWork
) -> None:
    a, b = await make_products(uow, "ab")
    group = await make_group(uow, kind, a)
    for refused in (
        await groups.set_products(group.id, [b.id, 999_999]),
        await groups.add_products(group.id, [b.id, 999_999]),
    ):
        assert isinstance(refused, NotFound)
        assert refused.path == ("product_ids", "1")
    assert await products_of(uow, kind, group) == ["a"]


async def test_a_product_is_named_once(groups: GroupService, kind: str, uow: UnitOfWork) -> None:
    (a,) = await make_products(uow, "a")
    group = await make_group(uow, kind)
    refused = await groups.add_products(group.id, [a.id, a.id])
    assert isinstance(refused, Invalid)
    assert refused.path == ("product_ids", "1")


async def test_the_owner_must_be_there_in_the_expected_version(
    groups: GroupService, kind: str, uow: UnitOfWork
) -> None:
    (a,) = await make_products(uow, "a")
    group = await make_group(uow, kind)
    missing = await groups.add_products(999_999, [a.id])
    assert isinstance(missing, NotFound)
    assert missing.path == ("id",)
    old = await groups.add_products(group.id, [a.id], expected_version=7)
    assert isinstance(old, VersionConflict)
    assert await products_of(uow, kind, group) == []


async def test_drafts_can_be_listed_before_they_are_for_sale(
    groups: GroupService, kind: str, uow: UnitOfWork
) -> None:
    draft = await make_product(uow, "draft", status=ProductStatus.DRAFT)
    group = await make_group(uow, kind)
    await groups.add_products(group.id, [draft.id])
    assert await products_of(uow, kind, group) == ["draft"]


async def test_the_lists_leave_the_products_themselves_alone(
    groups: GroupService, kind: str, uow: UnitOfWork
) -> None:
    (a,) = await make_products(uow, "a")
    group = await make_group(uow, kind)
    await groups.add_products(group.id, [a.id])
    assert await uow.scalar(select(Product.version).where(col(Product.id) == a.id)) == 1


@pytest.mark.parametrize("size", [1, 50])
async def test_lists_of_any_length_take_the_same_statements(
    groups: GroupService, kind: str, uow: UnitOfWork, statements: list[str], size: int
) -> None:
    products = [await make_product(uow, f"p{number}") for number in range(size + 1)]
    group = await make_group(uow, kind, products[-1])
    ids = [product.id for product in products[:size]]
    statements.clear()
    await groups.set_products(group.id, ids)
    assert len(statements) == 6  # owner, products, removal, addition, order, version
    statements.clear()
    await groups.reorder_products(group.id, ids[:1], 99)
    assert len(statements) == 3 + (size > 1)  # owner, members, order, version if it changed


class MetMembers(MembershipRepository):
    """Both have found the end of the list before either commits, unless a lock prevents it."""

    meeting: Meeting

    async def append(self, owner_id: int, product_ids: Any) -> int:
        added = await super().append(owner_id, product_ids)
        await self.meeting.arrive()
        return added


class Unlocked(CollectionRepository):
    async def _locked(self, named: ColumnElement[bool]) -> SluggedRow | None:
        return await self._uow.row(self.visible().where(named))

    async def change(self, id_: int, changes: dict[str, Any]) -> SluggedRow:
        return (await self.by_ids([id_]))[id_]


async def add_two_at_once(database: Database, collections: type[CollectionRepository]) -> list[int]:
    """Two callers add a product each to the same collection; the places these get."""
    open_unit = units_on(database)
    async with open_unit() as uow:
        group, *products = await uow.transact(lambda: three(uow))
    meeting = Meeting()

    async def add(product: int) -> None:
        async with open_unit() as uow:
            own = Services(uow, SYSTEM, system_clock).repositories
            members = MetMembers(uow, CollectionProduct, "collection_id")
            members.meeting = meeting
            service = CollectionService(
                collections(uow, SYSTEM), own.slugs, members, own.metafields, own.tombstones
            )
            await uow.transact(lambda: service.add_products(group, [product]))

    await asyncio.gather(*(add(product) for product in products))
    async with open_unit() as uow:
        places = await uow.scalars(select(CollectionProduct.position))
    return sorted(places)


async def three(uow: UnitOfWork) -> tuple[int, int, int]:
    a, b = await make_products(uow, "ab")
    return (await make_collection(uow)).id, a.id, b.id


async def test_two_who_add_at_once_get_places_of_their_own(database: Database) -> None:
    assert await add_two_at_once(database, CollectionRepository) == [0, 1]


async def test_without_holding_the_owner_they_would_get_the_same_place(
    database: Database,
) -> None:
    assert await add_two_at_once(database, Unlocked) == [0, 0]
