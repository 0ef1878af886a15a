import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.catalog.kinds import AttributeType
from commerce.catalog.models import Attribute, Product
from commerce.catalog.problems import AttributeInUse
from commerce.catalog.rules.attributes import ValueRow, WantedValue
from commerce.catalog.service.attributes import AttributeService
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, Problem, Taken, VersionConflict
from commerce.core.viewer import SYSTEM
from commerce.wiring import Services
from tests.support.catalog import make_attribute, make_product

DAY = datetime.date(2026, 1, 31)


@pytest.fixture
def attributes(uow: UnitOfWork) -> AttributeService:
    return Services(uow, SYSTEM, system_clock).attributes


async def values(uow: UnitOfWork, product: Any) -> dict[str, list[ValueRow]]:
    """What the product has, by the code of the attribute."""
    stored = Services(uow, SYSTEM, system_clock).repositories.attributes
    found: dict[str, list[ValueRow]] = {}
    for row in (await stored.values_by_product([product.id])).get(product.id, []):
        value = ValueRow(row.text_value, row.number_value, row.boolean_value, row.date_value)
        found.setdefault(row.code, []).append(value)
    return found


async def version(uow: UnitOfWork, product: Any) -> int:
    return int(await uow.scalar(select(Product.version).where(col(Product.id) == product.id)))


async def test_a_code_names_the_attribute_to_add_or_change(attributes: AttributeService) -> None:
    given = {"code": "size", "label": " Size ", "type": AttributeType.CHOICE, "choices": ["S", "M"]}
    added = await attributes.upsert(None, given)
    assert not isinstance(added, Problem)
    assert (added.label, added.type, added.choices) == ("Size", AttributeType.CHOICE, ["S", "M"])
    assert await attributes.upsert(None, given) == added
    changed = await attributes.upsert(None, {"code": "size", "choices": ["M", "L"]})
    assert not isinstance(changed, Problem)
    assert (changed.id, changed.label, changed.choices) == (added.id, "Size", ["M", "L"])
    assert await attributes.one(None, "size") == changed
    assert await attributes.one(added.id, None) == changed


async def test_an_id_names_it_too_and_may_change_the_code(
    attributes: AttributeService, uow: UnitOfWork
) -> None:
    size = await make_attribute(uow, "size")
    await make_attribute(uow, "width")
    changed = await attributes.upsert(size.id, {"code": "shoe-size"})
    assert not isinstance(changed, Problem)
    assert changed.code == "shoe-size"
    assert isinstance(await attributes.upsert(999_999, {"label": "X"}), NotFound)
    taken = await attributes.upsert(size.id, {"code": "width"})
    assert isinstance(taken, Taken)
    assert taken.path == ("code",)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"label": "Size"}, ("code",)),
        ({"code": "size"}, ("label",)),
        ({"code": "size", "label": "Size", "choices": ["S"]}, ("choices",)),
        ({"code": "size", "label": "Size", "type": AttributeType.CHOICE}, ("choices",)),
    ],
)
async def test_a_flawed_attribute_is_not_added(
    attributes: AttributeService, uow: UnitOfWork, given: dict[str, Any], path: tuple[str, ...]
) -> None:
    refused = await attributes.upsert(None, given)
    assert isinstance(refused, Invalid)
    assert refused.path == path
    assert await uow.scalar(select(Attribute.id)) is None


async def make_all(uow: UnitOfWork) -> None:
    for place, kind in enumerate(AttributeType):
        choices = ["S", "M", "L"] if kind.value.startswith("choice") else []
        await make_attribute(uow, kind.value, type=kind, choices=choices, position=place)


ALL = (
    WantedValue("text", text="Oak"),
    WantedValue("number", number=Decimal("41.5")),
    WantedValue("boolean", boolean=False),
    WantedValue("date", date=DAY),
    WantedValue("choice", choice="M"),
    WantedValue("choices", choices=["L", "S"]),
)
STORED = {
    "text": [ValueRow("Oak")],
    "number": [ValueRow("41.5", number=Decimal("41.5"))],
    "boolean": [ValueRow("false", boolean=False)],
    "date": [ValueRow("2026-01-31", date=DAY)],
    "choice": [ValueRow("M")],
    "choices": [ValueRow("L"), ValueRow("S")],
}


async def test_a_product_gets_values_of_every_type_once(
    attributes: AttributeService, uow: UnitOfWork
) -> None:
    await make_all(uow)
    product = await make_product(uow)
    for _ in range(2):
        assert await attributes.set_values(product.id, ALL) == product.id
        assert await values(uow, product) == STORED
        assert await version(uow, product) == 2


async def test_values_that_are_not_named_stay_and_empty_ones_go(
    attributes: AttributeService, uow: UnitOfWork
) -> None:
    await make_all(uow)
    product = await make_product(uow)
    await attributes.set_values(product.id, ALL)
    await attributes.set_values(
        product.id,
        [
            WantedValue("text", text="Ash"),
            WantedValue("date"),
            WantedValue("choices", choices=["M"]),
        ],
    )
    expected = {**STORED, "text": [ValueRow("Ash")], "choices": [ValueRow("M")]}
    del expected["date"]
    assert await values(uow, product) == expected
    assert await version(uow, product) == 3


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        (WantedValue("colour", text="red"), ("values", "1", "code")),
        (WantedValue("number", text="red"), ("values", "1", "number")),
        (WantedValue("choice", choice="XL"), ("values", "1", "choice")),
        (WantedValue("text", text="again"), ("values", "1", "code")),
    ],
)
async def test_one_value_that_does_not_fit_keeps_all_from_being_set(
    attributes: AttributeService, uow: UnitOfWork, wanted: WantedValue, path: tuple[str, ...]
) -> None:
    await make_all(uow)
    product = await make_product(uow)
    refused = await attributes.set_values(product.id, [WantedValue("text", text="Oak"), wanted])
    assert isinstance(refused, Problem)
    assert refused.path == path
    assert await values(uow, product) == {}


async def test_the_product_must_be_there_in_the_expected_version(
    attributes: AttributeService, uow: UnitOfWork
) -> None:
    product = await make_product(uow)
    missing = await attributes.set_values(999_999, [])
    assert isinstance(missing, NotFound)
    assert missing.path == ("product_id",)
    assert isinstance(await attributes.set_values(product.id, [], 7), VersionConflict)


async def test_a_type_or_choice_that_products_have_cannot_be_taken_away(
    attributes: AttributeService, uow: UnitOfWork
) -> None:
    await make_all(uow)
    product = await make_product(uow)
    await attributes.set_values(product.id, [WantedValue("choices", choices=["L", "S"])])
    for given, path in (
        ({"code": "choices", "choices": ["S", "M"]}, ("choices",)),
        ({"code": "choices", "type": AttributeType.CHOICE}, ("type",)),
    ):
        refused = await attributes.upsert(None, given)
        assert isinstance(refused, AttributeInUse)
        assert refused.path == path
    fewer = await attributes.upsert(None, {"code": "choices", "choices": ["S", "L"]})
    assert not isinstance(fewer, Problem)
    unused = await attributes.upsert(
        None, {"code": "choice", "type": AttributeType.TEXT, "choices": []}
    )
    assert not isinstance(unused, Problem)


async def test_a_deleted_attribute_takes_its_values_along(
    attributes: AttributeService, uow: UnitOfWork
) -> None:
    await make_all(uow)
    product = await make_product(uow)
    await attributes.set_values(product.id, ALL)
    text = await attributes.one(None, "text")
    assert text is not None
    assert await attributes.delete(text.id) == text.id
    assert "text" not in await values(uow, product)
    assert isinstance(await attributes.delete(text.id), NotFound)


@pytest.mark.parametrize("size", [1, 50])
async def test_any_number_of_values_takes_the_same_statements(
    attributes: AttributeService, uow: UnitOfWork, statements: list[str], size: int
) -> None:
    product = await make_product(uow)
    for number in range(size):
        await make_attribute(uow, f"a{number}")
    wanted = [WantedValue(f"a{number}", text="x") for number in range(size)]
    statements.clear()
    await attributes.set_values(product.id, wanted)
    assert len(statements) == 6  # product, attributes, stored, removal, addition, version
