from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from commerce.catalog.kinds import ProductStatus
from commerce.core.db import UnitOfWork
from commerce.core.viewer import ANONYMOUS, SYSTEM, Viewer
from commerce.pricing.repository.prices import PriceRepository
from tests.support.catalog import make_product, make_variant
from tests.support.pricing import make_price, make_price_list

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Listed:
    """A price list as the rule's model sees it; `prices` is {(variant, quantity): amount}."""

    id: int
    currency: str
    group: int | None
    priority: int
    is_default: bool
    active: bool
    starts: int | None
    ends: int | None
    prices: dict[tuple[int, int], int]


def model_price(
    lists: Sequence[Listed],
    variant: int,
    hour: int,
    quantity: int,
    currency: str,
    group: int | None,
) -> int | None:
    """The rule in plain Python, step by step as it is told to people."""
    ranked = sorted(
        (one for one in lists if _applies(one, hour, currency, group)),
        key=lambda one: (one.group is None, -one.priority, one.is_default),
    )
    while ranked:
        equals = [one for one in ranked if _rank(one) == _rank(ranked[0])]
        reached = [
            (needed, -one.id, amount)
            for one in equals
            for (of, needed), amount in one.prices.items()
            if of == variant and needed <= quantity
        ]
        if reached:
            return max(reached)[2]
        ranked = ranked[len(equals) :]
    return None


def _rank(one: Listed) -> tuple[bool, int, bool]:
    return one.group is None, one.priority, one.is_default


def _applies(one: Listed, hour: int, currency: str, group: int | None) -> bool:
    return (
        one.active
        and one.currency == currency
        and one.group in (None, group)
        and (one.starts is None or one.starts <= hour)
        and (one.ends is None or hour < one.ends)
    )


QUANTITIES = (1, 2, 5, 10)
VARIANTS = (0, 1, 2)
PRICES = st.dictionaries(
    st.tuples(st.sampled_from(VARIANTS), st.sampled_from(QUANTITIES)),
    st.integers(0, 99),
    max_size=5,
)
HOURS = st.one_of(st.none(), st.integers(-2, 2))


@st.composite
def price_lists(draw: Any) -> list[Listed]:
    """A default list and up to four others; ids in the order of the list."""
    default = Listed(0, "EUR", None, draw(st.integers(0, 1)), True, True, None, None, draw(PRICES))
    others = [
        Listed(
            0,
            draw(st.sampled_from(["EUR", "EUR", "USD"])),
            draw(st.sampled_from([None, 1, 2])),
            draw(st.integers(0, 1)),
            False,
            draw(st.sampled_from([True, True, True, False])),
            *_window(draw(HOURS), draw(HOURS)),
            draw(PRICES),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    place = draw(st.integers(0, len(others)))
    return [*others[:place], default, *others[place:]]


def _window(one: int | None, other: int | None) -> tuple[int | None, int | None]:
    if one is None or other is None:
        return one, other
    return (None, one) if one == other else (min(one, other), max(one, other))


async def _written(
    uow: UnitOfWork, lists: Sequence[Listed], variants: Sequence[Any]
) -> list[Listed]:
    written = []
    for number, one in enumerate(lists):
        row = await make_price_list(
            uow,
            f"list-{number}",
            currency=one.currency,
            customer_group_id=one.group,
            priority=one.priority,
            is_default=one.is_default,
            active=one.active,
            starts_at=None if one.starts is None else NOON + one.starts * HOUR,
            ends_at=None if one.ends is None else NOON + one.ends * HOUR,
        )
        for (variant, needed), amount in one.prices.items():
            await make_price(uow, row, variants[variant], str(amount), min_quantity=needed)
        written.append(replace(one, id=row.id))
    return written


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lists=price_lists(),
    hour=st.integers(-3, 3),
    quantity=st.integers(1, 12),
    currency=st.sampled_from([None, "EUR", "USD"]),
    group=st.sampled_from([None, 1, 2, 3]),
)
async def test_sql_answers_what_the_rule_says(
    uow: UnitOfWork,
    connection: AsyncConnection,
    lists: list[Listed],
    hour: int,
    quantity: int,
    currency: str | None,
    group: int | None,
) -> None:
    example = await connection.begin_nested()
    product = await make_product(uow)
    variants = [await make_variant(uow, product, option_key=str(n)) for n in VARIANTS]
    known = await _written(uow, lists, variants)
    asked = {"at": NOON + hour * HOUR, "currency": currency, "group": group}
    ids = [variant.id for variant in variants]
    expected = {
        (id_, many): model_price(known, variant, hour, many, currency or "EUR", group)
        for variant, id_ in enumerate(ids)
        for many in {quantity, *QUANTITIES}
    }
    for viewer in (SYSTEM, ANONYMOUS):
        prices = PriceRepository(uow, viewer)
        found = await prices.resolve(ids, quantity=quantity, **asked)
        ranges = await prices.ranges([product.id], quantity=quantity, **asked)
        tiers = await prices.tiers(ids, **asked)
        now = {id_: amount for id_ in ids if (amount := expected[id_, quantity]) is not None}
        assert {id_: int(row.amount) for id_, row in found.items()} == now
        assert [(int(row.min), int(row.max)) for row in ranges.values()] == (
            [(min(now.values()), max(now.values()))] if now else []
        )
        for id_ in ids:
            for many in QUANTITIES:
                reached = [row for row in tiers.get(id_, ()) if row.min_quantity <= many]
                assert (int(reached[-1].amount) if reached else None) == expected[id_, many]
    await example.rollback()


async def _amount(
    uow: UnitOfWork, variant: Any, viewer: Viewer = SYSTEM, at: datetime = NOON, **terms: Any
) -> Decimal | None:
    found = await PriceRepository(uow, viewer).resolve([variant.id], at, **terms)
    return found[variant.id].amount if found else None


async def test_a_window_opens_at_its_start_and_closes_at_its_end(uow: UnitOfWork) -> None:
    base = await make_price_list(uow, is_default=True)
    sale = await make_price_list(uow, "sale", starts_at=NOON, ends_at=NOON + HOUR)
    variant = await make_variant(uow, await make_product(uow))
    await make_price(uow, base, variant, "10")
    await make_price(uow, sale, variant, "8")
    tick = timedelta(microseconds=1)
    moments = (NOON - tick, NOON, NOON + HOUR - tick, NOON + HOUR)
    assert [await _amount(uow, variant, at=at) for at in moments] == [10, 8, 8, 10]


@pytest.mark.parametrize(
    ("lists", "terms", "expected"),
    [
        # a list for the customer's group beats any other, whatever the priority
        ([{"priority": 9}, {"customer_group_id": 1}], {"group": 1}, 2),
        ([{"priority": 9}, {"customer_group_id": 1}], {"group": 2}, 1),
        ([{"priority": 9}, {"customer_group_id": 1}], {}, 1),
        # who is in no group counts to the built-in one
        ([{"priority": 9}, {"customer_group_id": 0}], {}, 2),
        ([{"priority": 9}, {"customer_group_id": 0}], {"group": 0}, 2),
        ([{"priority": 9}, {"customer_group_id": 0}], {"group": 1}, 1),
        # then the higher priority counts
        ([{"priority": 1}, {"priority": 2}], {}, 2),
        # then the default list stands back
        ([{}, {}], {}, 1),
        ([{"priority": -1}], {}, 0),
        # lists that are off or in another currency do not count
        ([{"active": False}], {}, 0),
        ([{"currency": "USD"}], {}, 0),
        ([{"currency": "USD"}], {"currency": "USD"}, 1),
        ([], {"currency": "JPY"}, None),
    ],
)
async def test_which_list_counts(
    uow: UnitOfWork, lists: list[dict[str, Any]], terms: dict[str, Any], expected: int | None
) -> None:
    """List 0 is the default one; each list's price is its number."""
    base = await make_price_list(uow, is_default=True)
    variant = await make_variant(uow, await make_product(uow))
    await make_price(uow, base, variant, "0")
    for number, values in enumerate(lists, 1):
        other = await make_price_list(uow, f"list-{number}", **values)
        await make_price(uow, other, variant, str(number))
    assert await _amount(uow, variant, **terms) == expected


@pytest.mark.parametrize(
    ("quantity", "expected"), [(1, 10), (4, 10), (5, 9), (9, 9), (10, 8), (1000, 8)]
)
async def test_the_highest_quantity_that_is_reached_counts(
    uow: UnitOfWork, quantity: int, expected: int
) -> None:
    base = await make_price_list(uow, is_default=True)
    variant = await make_variant(uow, await make_product(uow))
    for needed, amount in ((1, "10"), (5, "9"), (10, "8")):
        await make_price(uow, base, variant, amount, min_quantity=needed)
    assert await _amount(uow, variant, quantity=quantity) == expected


async def test_a_list_that_needs_more_units_leaves_the_price_to_the_next(uow: UnitOfWork) -> None:
    base = await make_price_list(uow, is_default=True)
    bulk = await make_price_list(uow, "bulk", priority=5)
    variant = await make_variant(uow, await make_product(uow))
    await make_price(uow, base, variant, "10")
    await make_price(uow, bulk, variant, "7", min_quantity=100)
    assert [await _amount(uow, variant, quantity=many) for many in (99, 100)] == [10, 7]


@pytest.mark.parametrize(
    ("values", "anonymous"),
    [
        ({}, 10),
        ({"price_on_request": True}, None),
        ({"status": ProductStatus.DRAFT}, None),
        ({"status": ProductStatus.HIDDEN}, None),
    ],
)
async def test_the_storefront_is_told_prices_of_what_it_sees_unless_on_request(
    uow: UnitOfWork, values: dict[str, Any], anonymous: int | None
) -> None:
    base = await make_price_list(uow, is_default=True)
    product = await make_product(uow, **values)
    variant = await make_variant(uow, product)
    await make_price(uow, base, variant, "10")
    assert await _amount(uow, variant, ANONYMOUS) == anonymous
    assert await _amount(uow, variant, SYSTEM) == 10
    told = await PriceRepository(uow, ANONYMOUS).ranges([product.id], NOON)
    assert [row.min for row in told.values()] == ([] if anonymous is None else [anonymous])
    known = await PriceRepository(uow, SYSTEM).ranges([product.id], NOON)
    assert [row.min for row in known.values()] == [10]


async def test_archived_variants_do_not_count_in_a_range(uow: UnitOfWork) -> None:
    base = await make_price_list(uow, is_default=True)
    product = await make_product(uow)
    for key, amount, archived in (("a", "5", NOON), ("b", "7", None), ("c", "9", None)):
        variant = await make_variant(uow, product, option_key=key, archived_at=archived)
        await make_price(uow, base, variant, amount)
    for viewer in (SYSTEM, ANONYMOUS):
        found = (await PriceRepository(uow, viewer).ranges([product.id], NOON))[product.id]
        assert (found.min, found.max, found.currency) == (7, 9, "EUR")


async def test_without_a_default_list_there_is_no_price_in_no_currency(uow: UnitOfWork) -> None:
    other = await make_price_list(uow, "other")
    variant = await make_variant(uow, await make_product(uow))
    await make_price(uow, other, variant, "3")
    assert await _amount(uow, variant) is None
    assert await _amount(uow, variant, currency="EUR") == 3


async def test_any_number_of_variants_costs_one_statement(
    uow: UnitOfWork, statements: list[str]
) -> None:
    base = await make_price_list(uow, is_default=True)
    product = await make_product(uow)
    variants = [await make_variant(uow, product, option_key=str(n)) for n in range(50)]
    for variant in variants:
        await make_price(uow, base, variant, "1")
    prices = PriceRepository(uow, ANONYMOUS)
    for count in (1, 50):
        statements.clear()
        assert len(await prices.resolve([one.id for one in variants[:count]], NOON)) == count
        assert len(statements) == 1
