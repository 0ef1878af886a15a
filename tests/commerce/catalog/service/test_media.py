import asyncio
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.catalog.kinds import DeletedKind, MediaKind
from commerce.catalog.models import Media, Product, Tombstone, Variant
from commerce.catalog.repository.product_versions import ProductVersionRepository
from commerce.catalog.service.media import MediaService
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.problems import Invalid, NotFound, Problem, Taken, VersionConflict
from commerce.core.viewer import SYSTEM
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.races import Meeting


@pytest.fixture
def media(uow: UnitOfWork) -> MediaService:
    return Services(uow, SYSTEM, system_clock).media


async def gallery(uow: UnitOfWork, product: Any) -> list[tuple[int, str]]:
    statement = (
        select(Media.position, Media.url)
        .where(col(Media.product_id) == product.id)
        .order_by(Media.position, Media.id)
    )
    return [(row.position, row.url) for row in await uow.rows(statement)]


async def version(uow: UnitOfWork, product: Any) -> int:
    return int(await uow.scalar(select(Product.version).where(col(Product.id) == product.id)))


def items(urls: str) -> list[dict[str, Any]]:
    return [{"url": url} for url in urls]


def numbered(urls: str) -> list[tuple[int, str]]:
    return list(enumerate(urls))


async def test_new_media_stand_at_the_end_in_their_order(
    media: MediaService, uow: UnitOfWork
) -> None:
    product = await make_product(uow)
    first = await media.create(product.id, [{"url": " a ", "alt": "A shirt"}])
    assert not isinstance(first, Problem)
    assert [(row.url, row.alt, row.kind) for row in first] == [("a", "A shirt", MediaKind.IMAGE)]
    more = await media.create(product.id, [{"url": "c", "kind": MediaKind.VIDEO}, {"url": "b"}])
    assert not isinstance(more, Problem)
    assert [(row.url, row.kind) for row in more] == [("c", MediaKind.VIDEO), ("b", MediaKind.IMAGE)]
    assert await gallery(uow, product) == numbered("acb")
    assert await version(uow, product) == 3


async def test_the_same_addresses_twice_are_added_once(
    media: MediaService, uow: UnitOfWork
) -> None:
    product = await make_product(uow)
    first = await media.create(product.id, items("ab"))
    assert await media.create(product.id, items("ab")) == first
    assert await gallery(uow, product) == numbered("ab")
    assert await version(uow, product) == 2


async def test_what_is_said_of_a_known_address_changes_its_record(
    media: MediaService, uow: UnitOfWork
) -> None:
    product = await make_product(uow)
    await media.create(product.id, [{"url": "a", "alt": "Old"}, {"url": "b"}])
    changed = await media.create(product.id, [{"url": "c"}, {"url": "a", "alt": "New"}])
    assert not isinstance(changed, Problem)
    assert [(row.url, row.alt) for row in changed] == [("c", ""), ("a", "New")]
    assert await gallery(uow, product) == numbered("abc")


@pytest.mark.parametrize(("position", "expected"), [(0, "dbac"), (1, "adbc"), (9, "acdb")])
async def test_media_are_brought_to_a_place(
    media: MediaService, uow: UnitOfWork, position: int, expected: str
) -> None:
    product = await make_product(uow)
    await media.create(product.id, items("abc"))
    for _ in range(2):
        await media.create(product.id, items("db"), position)
        assert await gallery(uow, product) == numbered(expected)
        assert await version(uow, product) == 3


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "data:image/png;base64,xx"}, "url"),
        ({"url": "//elsewhere.example/x.jpg"}, "url"),
        ({"url": "/\\elsewhere.example/x.jpg"}, "url"),
        ({"url": ""}, "url"),
        ({"url": "ftp://shop.example/x.jpg"}, "url"),
        ({"url": "x", "alt": "y" * 1001}, "alt"),
        ({"url": "a"}, "url"),
    ],
)
async def test_a_flawed_item_is_refused_with_all_others(
    media: MediaService, uow: UnitOfWork, item: dict[str, Any], field: str
) -> None:
    product = await make_product(uow)
    refused = await media.create(product.id, [{"url": "a"}, item])
    assert isinstance(refused, Invalid)
    assert refused.path == ("media", "1", field)
    assert await gallery(uow, product) == []


@pytest.mark.parametrize("url", ["https://shop.example/x.jpg", "/media/x.jpg", "x.jpg", "é.jpg"])
async def test_addresses_and_plain_paths_are_taken(
    media: MediaService, uow: UnitOfWork, url: str
) -> None:
    product = await make_product(uow)
    assert not isinstance(await media.create(product.id, [{"url": url}]), Problem)


async def test_a_gallery_has_an_end(media: MediaService, uow: UnitOfWork) -> None:
    product = await make_product(uow)
    await media.create(product.id, [{"url": f"{number}.jpg"} for number in range(250)])
    refused = await media.create(product.id, items("x"))
    assert isinstance(refused, Invalid)
    assert refused.path == ("media",)
    assert not isinstance(await media.create(product.id, [{"url": "7.jpg"}]), Problem)


async def test_a_record_is_changed(media: MediaService, uow: UnitOfWork) -> None:
    product = await make_product(uow)
    rows = await media.create(product.id, [{"url": "a", "alt": "A"}, {"url": "b"}])
    assert not isinstance(rows, Problem)
    for _ in range(2):
        changed = await media.update(rows[0].id, {"url": "c", "kind": MediaKind.MODEL})
        assert not isinstance(changed, Problem)
        assert (changed.url, changed.alt, changed.kind) == ("c", "A", MediaKind.MODEL)
        assert await version(uow, product) == 3
    taken = await media.update(rows[0].id, {"url": "b"})
    assert isinstance(taken, Taken)
    assert isinstance(await media.update(rows[0].id, {"url": "vbscript:x"}), Invalid)
    assert isinstance(await media.update(999_999, {"url": "x"}), NotFound)


@pytest.mark.parametrize(
    ("chosen", "position", "expected"), [("c", 0, "cab"), ("ca", 1, "bca"), ("a", 9, "bca")]
)
async def test_a_gallery_is_reordered(
    media: MediaService, uow: UnitOfWork, chosen: str, position: int, expected: str
) -> None:
    product = await make_product(uow)
    rows = await media.create(product.id, items("abc"))
    assert not isinstance(rows, Problem)
    ids = {row.url: row.id for row in rows}
    for _ in range(2):
        await media.reorder(product.id, [ids[url] for url in chosen], position)
        assert await gallery(uow, product) == numbered(expected)
        assert await version(uow, product) == 3


async def test_only_a_products_own_media_are_reordered(
    media: MediaService, uow: UnitOfWork
) -> None:
    product, other = await make_product(uow, media=1), await make_product(uow, "Other", media=1)
    (foreign,) = await uow.scalars(select(Media.id).where(col(Media.product_id) == other.id))
    refused = await media.reorder(product.id, [foreign])
    assert isinstance(refused, NotFound)
    assert refused.path == ("media_ids", "0")
    (own,) = await uow.scalars(select(Media.id).where(col(Media.product_id) == product.id))
    assert isinstance(await media.reorder(product.id, [own, own]), Invalid)


async def test_deleted_media_leave_no_gap_but_a_tombstone(
    media: MediaService, uow: UnitOfWork
) -> None:
    product, other = await make_product(uow, media=4), await make_product(uow, "Other", media=2)
    ids = await uow.scalars(select(Media.id).order_by(col(Media.id)))
    variant = await make_variant(uow, product, media_id=ids[1])
    for again in (False, True):
        gone = await media.delete([ids[0], ids[1], ids[4], 999_999])
        assert gone == ([] if again else [ids[0], ids[1], ids[4]])
        assert await gallery(uow, product) == [(0, "shirt-2.jpg"), (1, "shirt-3.jpg")]
        assert await gallery(uow, other) == [(0, "other-1.jpg")]
        assert (await version(uow, product), await version(uow, other)) == (2, 2)
    stones = await uow.rows(select(Tombstone.kind, Tombstone.resource_id).order_by(Tombstone.id))
    assert [tuple(stone) for stone in stones] == [
        (DeletedKind.MEDIA, id_) for id_ in (ids[0], ids[1], ids[4])
    ]
    picture = select(Variant.media_id).where(col(Variant.id) == variant.id)
    assert await uow.scalar(picture) is None


async def test_the_product_must_be_there_in_the_expected_version(
    media: MediaService, uow: UnitOfWork
) -> None:
    product = await make_product(uow, media=1)
    (id_,) = await uow.scalars(select(Media.id))
    for refused in (
        await media.create(product.id, items("x"), expected_version=7),
        await media.update(id_, {"alt": "x"}, expected_version=7),
        await media.reorder(product.id, [id_], expected_version=7),
    ):
        assert isinstance(refused, VersionConflict)
    missing = await media.create(999_999, items("x"))
    assert isinstance(missing, NotFound)
    assert missing.path == ("product_id",)
    assert await gallery(uow, product) == [(0, "shirt-0.jpg")]


@pytest.mark.parametrize("size", [1, 50])
async def test_any_number_of_media_takes_the_same_statements(
    media: MediaService, uow: UnitOfWork, statements: list[str], size: int
) -> None:
    product = await make_product(uow, media=1)
    wanted = [{"url": f"{number}.jpg"} for number in range(size)]
    statements.clear()
    rows = await media.create(product.id, [*wanted, {"url": "shirt-0.jpg", "alt": "x"}], 0)
    assert not isinstance(rows, Problem)
    assert len(statements) == 7  # product, gallery, new, known, order, version, answer
    statements.clear()
    await media.delete([row.id for row in rows])
    assert len(statements) == 6  # owners, products, removal, order, version, tombstones


class MetProducts(ProductVersionRepository):
    """Both have seen the gallery before either writes, unless a lock prevents it."""

    def __init__(self, uow: UnitOfWork, meeting: Meeting) -> None:
        super().__init__(uow)
        self._meeting = meeting

    async def touch(self, ids: Any, part: str) -> None:
        await self._meeting.arrive()
        await super().touch(ids, part)


class UnlockedProducts(MetProducts):
    async def locked(self, ids: Any) -> dict[int, int]:
        rows = await self._uow.rows(select(Product.id, Product.version))
        return {row.id: row.version for row in rows if row.id in ids}


async def add_two_at_once(
    database: Database, products_of: type[MetProducts]
) -> list[tuple[int, str]]:
    open_unit, meeting = units_on(database), Meeting()
    async with open_unit() as uow:
        product = await uow.transact(lambda: make_product(uow))

    async def add(url: str) -> None:
        async with open_unit() as uow:
            own = Services(uow, SYSTEM, system_clock).repositories
            service = MediaService(own.media, products_of(uow, meeting), own.tombstones)
            await uow.transact(lambda: service.create(product.id, items(url)))

    await asyncio.gather(add("a"), add("b"))
    async with open_unit() as uow:
        return await gallery(uow, product)


async def test_two_who_add_at_once_get_places_of_their_own(database: Database) -> None:
    places = await add_two_at_once(database, MetProducts)
    assert [place for place, _ in places] == [0, 1]


async def test_without_holding_the_product_they_would_get_the_same_place(
    database: Database,
) -> None:
    places = await add_two_at_once(database, UnlockedProducts)
    assert [place for place, _ in places] == [0, 0]
