"""Whatever happens, what is on hand is the sum of the movements."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Problem
from commerce.core.viewer import SYSTEM
from commerce.inventory.kinds import MovementKind
from commerce.inventory.models import StockLevel, StockMovement
from commerce.inventory.problems import InsufficientStock, QuantityChanged
from commerce.inventory.rules.stock import Note, StockChange, StockCount
from commerce.inventory.service import StockService
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.inventory import make_location

PLACES = st.tuples(st.integers(0, 1), st.integers(0, 1))
QUANTITY = st.one_of(
    st.builds(dict, delta=st.integers(-6, 6).filter(bool)),
    st.builds(dict, set_to=st.integers(0, 9)),
)
FROM = st.one_of(st.none(), st.none(), st.integers(0, 5))
CHANGES = st.dictionaries(PLACES, st.tuples(QUANTITY, FROM), min_size=1)
COUNTS = st.dictionaries(PLACES, st.integers(0, 9), min_size=1)
STEPS = st.lists(st.one_of(CHANGES, COUNTS), max_size=6)
Model = dict[tuple[int, int], int]


def after(model: Model, step: dict[tuple[int, int], Any]) -> Model | type[Problem]:
    """The rule in plain Python: the levels after a step, or the first reason against it."""
    levels = dict(model)
    for place, wanted in step.items():
        change, expected = wanted if isinstance(wanted, tuple) else ({"set_to": wanted}, None)
        before = model.get(place, 0)
        if expected is not None and expected != before:
            return QuantityChanged
        levels[place] = change.get("set_to", before + change.get("delta", 0))
        if levels[place] < 0:
            return InsufficientStock
    return levels


class Shop:
    """Two variants at two locations."""

    def __init__(self, uow: UnitOfWork, variants: list[Any], locations: list[Any]) -> None:
        self.uow = uow
        self.variants = [variant.id for variant in variants]
        self.locations = [location.id for location in locations]
        self.stock: StockService = Services(uow, SYSTEM, system_clock).stock

    async def take(self, step: dict[tuple[int, int], Any]) -> Any:
        return await self.uow.transact(
            lambda: self._take(step), keep=lambda answer: not isinstance(answer, Problem)
        )

    async def _take(self, step: dict[tuple[int, int], Any]) -> Any:
        if isinstance(next(iter(step.values())), int):
            counts = [StockCount(*self._slot(place), wanted) for place, wanted in step.items()]
            return await self.stock.count(counts, MovementKind.COUNT, "", "", "me")
        changes = [
            StockChange(*self._slot(place), **change, change_from=expected)
            for place, (change, expected) in step.items()
        ]
        return await self.stock.adjust(changes, Note("", "", "me"))

    def _slot(self, place: tuple[int, int]) -> tuple[int, int]:
        return self.variants[place[0]], self.locations[place[1]]

    async def levels(self) -> Model:
        """What is on hand where there is something."""
        columns = (col(StockLevel.variant_id), col(StockLevel.location_id), col(StockLevel.on_hand))
        return self._placed(await self.uow.rows(select(*columns).where(columns[2] != 0)))

    async def ledger(self) -> Model:
        """What the movements add up to where that is something."""
        slot = (col(StockMovement.variant_id), col(StockMovement.location_id))
        total = func.sum(col(StockMovement.delta))
        return self._placed(
            await self.uow.rows(select(*slot, total).group_by(*slot).having(total != 0))
        )

    def _placed(self, rows: Any) -> Model:
        return {
            (self.variants.index(variant), self.locations.index(location)): total
            for variant, location, total in rows
        }


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
async def test_what_is_on_hand_is_the_sum_of_the_movements(
    uow: UnitOfWork, connection: AsyncConnection, steps: list[dict[tuple[int, int], Any]]
) -> None:
    example = await connection.begin_nested()
    product = await make_product(uow)
    variants = [await make_variant(uow, product, option_key=key) for key in "ab"]
    locations = [
        await make_location(uow, code, is_default=code == "main") for code in ("main", "b")
    ]
    shop = Shop(uow, variants, locations)
    model: Model = {}
    for step in steps:
        expected = after(model, step)
        answer = await shop.take(step)
        if isinstance(expected, dict):
            assert not isinstance(answer, Problem)
            model = expected
        else:
            assert isinstance(answer, expected)
        shown = {place: units for place, units in model.items() if units}
        assert await shop.levels() == shown
        assert await shop.ledger() == shown
    await example.rollback()
