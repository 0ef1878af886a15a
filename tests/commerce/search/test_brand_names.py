"""Products carry the names of their brands, so that search finds them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import delete, select, text, update
from sqlmodel import col

from commerce.catalog.models import Brand, Product
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from tests.support.catalog import make_brand, make_product


async def brand_name(uow: UnitOfWork, product: int) -> str:
    name: str = await uow.scalar(select(col(Product.brand_name)).where(col(Product.id) == product))
    return name


async def test_a_product_has_the_name_of_its_active_brand(uow: UnitOfWork) -> None:
    acme, zeta = await make_brand(uow, "Acme"), await make_brand(uow, "Zeta")
    hidden = await make_brand(uow, "Hidden", active=False)
    lamp = (await make_product(uow, "Lamp", brand_id=acme.id)).id
    assert await brand_name(uow, lamp) == "Acme"
    for brand_id, expected in ((zeta.id, "Zeta"), (hidden.id, ""), (acme.id, "Acme"), (None, "")):
        await uow.change(update(Product).where(col(Product.id) == lamp).values(brand_id=brand_id))
        assert await brand_name(uow, lamp) == expected


async def test_products_follow_their_brand(uow: UnitOfWork) -> None:
    acme = await make_brand(uow, "Acme")
    lamp = (await make_product(uow, "Lamp", brand_id=acme.id)).id
    other = (await make_product(uow, "Other")).id
    for values, expected in (
        ({"name": "Zenith"}, "Zenith"),
        ({"active": False}, ""),
        ({"name": "Zeta"}, ""),
        ({"active": True}, "Zeta"),
    ):
        await uow.change(update(Brand).where(col(Brand.id) == acme.id).values(**values))
        assert await brand_name(uow, lamp) == expected
    await uow.change(delete(Brand).where(col(Brand.id) == acme.id))
    assert await brand_name(uow, lamp) == ""
    assert await brand_name(uow, other) == ""


async def test_a_product_added_during_a_rename_has_the_new_name(database: Database) -> None:
    assert await _name_after_crossing_a_rename(database) == "New"


async def test_without_holding_the_brand_it_would_keep_the_old_name(database: Database) -> None:
    async with without_the_lock(database):
        assert await _name_after_crossing_a_rename(database) == "Old"


async def _name_after_crossing_a_rename(database: Database) -> str:
    """A product is written before, and committed after, its brand is renamed."""
    open_unit = units_on(database)
    async with open_unit() as adding, open_unit() as renaming:
        brand = await make_brand(adding, "Old")
        tasks: list[asyncio.Task[int]] = []

        async def add() -> int:
            product = await make_product(adding, "Lamp", brand_id=brand.id)
            renamed = update(Brand).where(col(Brand.id) == brand.id).values(name="New")
            tasks.append(asyncio.create_task(renaming.change(renamed)))
            await asyncio.sleep(0.3)
            product_id: int = product.id
            return product_id

        product = await adding.transact(add)
        await asyncio.gather(*tasks)
        return await brand_name(adding, product)


@asynccontextmanager
async def without_the_lock(database: Database) -> AsyncIterator[None]:
    function = "SELECT pg_get_functiondef('storegraph_take_brand_name'::regproc)"
    async with database.writer() as connection:
        kept = await connection.scalar(text(function))
        assert kept is not None
        assert "FOR SHARE" in kept
        await connection.exec_driver_sql(kept.replace("FOR SHARE", ""))
    try:
        yield
    finally:
        async with database.writer() as connection:
            await connection.exec_driver_sql(kept)


@pytest.mark.parametrize("length", [10_000, 2_000_000])
async def test_a_description_of_any_length_can_be_stored(uow: UnitOfWork, length: int) -> None:
    """Only the start of it is searched: a document of more than a megabyte is an error."""
    words = " ".join(f"word{number:x}" for number in range(length // 9))
    lamp = await make_product(uow, "Lamp", description_text=words)
    found = text("SELECT search @@ 'word1' FROM products WHERE id = :id").bindparams(id=lamp.id)
    assert await uow.scalar(found) is True
