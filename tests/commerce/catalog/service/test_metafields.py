from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from commerce.catalog.kinds import MetafieldOwner, MetafieldType
from commerce.catalog.models import Metafield
from commerce.catalog.rules.metafields import MetafieldKey, WantedMetafield
from commerce.catalog.service.metafields import MetafieldService
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.exact_json import ExactFloat
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import SYSTEM
from commerce.wiring import Services
from tests.support.catalog import (
    make_brand,
    make_category,
    make_collection,
    make_product,
    make_variant,
)


@pytest.fixture
def metafields(uow: UnitOfWork) -> MetafieldService:
    return Services(uow, SYSTEM, system_clock).metafields


def wanted(
    owner: Any,
    value: Any,
    key: str = "id",
    kind: MetafieldOwner = MetafieldOwner.PRODUCT,
    type_: MetafieldType = MetafieldType.TEXT,
    public: bool | None = None,
) -> WantedMetafield:
    return WantedMetafield(MetafieldKey(kind, owner.id, "erp", key), type_, value, public)


async def stored(uow: UnitOfWork) -> list[tuple[str, Any]]:
    statement = select(Metafield.key, Metafield.value).order_by(col(Metafield.id))
    return [(row.key, row.value) for row in await uow.rows(statement)]


async def test_metafields_belong_to_things_of_every_kind(
    metafields: MetafieldService, uow: UnitOfWork
) -> None:
    product = await make_product(uow)
    owners = {
        MetafieldOwner.PRODUCT: product,
        MetafieldOwner.VARIANT: await make_variant(uow, product),
        MetafieldOwner.CATEGORY: await make_category(uow),
        MetafieldOwner.COLLECTION: await make_collection(uow),
        MetafieldOwner.BRAND: await make_brand(uow),
    }
    items = [wanted(owner, kind.value, kind=kind) for kind, owner in owners.items()]
    rows = await metafields.set_all(items)
    assert not isinstance(rows, Problem)
    assert [(row.owner_kind, row.owner_id, row.value) for row in rows] == [
        (kind, owner.id, kind.value) for kind, owner in owners.items()
    ]


async def test_the_same_name_is_written_over(metafields: MetafieldService, uow: UnitOfWork) -> None:
    product = await make_product(uow)
    await metafields.set_all([wanted(product, "old", public=True)])
    rows = await metafields.set_all([wanted(product, 5, type_=MetafieldType.NUMBER)])
    assert not isinstance(rows, Problem)
    assert [(row.type, row.value, row.public) for row in rows] == [(MetafieldType.NUMBER, 5, True)]
    assert await stored(uow) == [("id", 5)]
    hidden = await metafields.set_all([wanted(product, "x", public=False)])
    assert not isinstance(hidden, Problem)
    assert [row.public for row in hidden] == [False]


async def test_what_says_the_same_is_not_written(
    metafields: MetafieldService, uow: UnitOfWork, statements: list[str]
) -> None:
    product = await make_product(uow)
    data = wanted(product, {"b": [1, 2.5], "a": None}, type_=MetafieldType.JSON)
    first = await metafields.set_all([data])
    statements.clear()
    assert await metafields.set_all([data]) == first
    assert [sql.split()[0] for sql in statements] == ["SELECT", "SELECT"]


async def test_numbers_are_stored_exactly(metafields: MetafieldService, uow: UnitOfWork) -> None:
    product = await make_product(uow)
    exact = ExactFloat("123456789012345.123456")
    await metafields.set_all([wanted(product, exact, type_=MetafieldType.NUMBER)])
    written = await uow.scalar(text("SELECT value::text FROM metafields"))
    assert written == "123456789012345.123456"


async def test_one_flaw_keeps_all_from_being_written(
    metafields: MetafieldService, uow: UnitOfWork
) -> None:
    product, archived = (
        await make_product(uow),
        await make_category(uow, archived_at=system_clock()),
    )
    good = wanted(product, "x")
    for flawed, kind, path in (
        (wanted(product, 1, "other"), Invalid, "value"),
        (wanted(product, "x", "no name"), Invalid, "key"),
        (wanted(product, "y"), Invalid, "key"),
        (wanted(product, "x", kind=MetafieldOwner.BRAND), NotFound, "owner_id"),
        (wanted(archived, "x", kind=MetafieldOwner.CATEGORY), NotFound, "owner_id"),
    ):
        refused = await metafields.set_all([good, flawed])
        assert type(refused) is kind
        assert isinstance(refused, Problem)
        assert refused.path == ("metafields", "1", path)
    assert await stored(uow) == []


async def test_metafields_are_deleted_by_name(
    metafields: MetafieldService, uow: UnitOfWork
) -> None:
    product = await make_product(uow)
    items = [wanted(product, "x", key) for key in ("a", "b", "c")]
    await metafields.set_all(items)
    keys = [items[0].key, items[2].key, items[2].key._replace(key="never-there")]
    assert await metafields.delete(keys) == 2
    assert await metafields.delete(keys) == 0
    assert await stored(uow) == [("b", "x")]
    missing = await metafields.delete([keys[0]._replace(owner_id=999_999)])
    assert isinstance(missing, NotFound)


@pytest.mark.parametrize("size", [1, 50])
async def test_any_number_of_metafields_takes_the_same_statements(
    metafields: MetafieldService, uow: UnitOfWork, statements: list[str], size: int
) -> None:
    product = await make_product(uow)
    items = [wanted(product, "x", f"k{number}") for number in range(size)]
    statements.clear()
    await metafields.set_all(items)
    assert len(statements) == 3  # owners, stored, written
    statements.clear()
    await metafields.delete([item.key for item in items])
    assert len(statements) == 2  # owners, removal
