"""Orders worked on from many sides; each test has a twin that shows what happens without the
guard.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.db import units_on
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import Problem
from commerce.orders.models import Fulfillment, Order, OrderLine
from commerce.orders.repository.orders import OrderRepository
from commerce.orders.repository.shipments import PartRepository
from commerce.orders.repository.writing import Number, OrderWriteRepository
from commerce.orders.rules.editing import LineEdit
from commerce.orders.rules.snapshots import Placement
from commerce.orders.rules.units import LineUnits
from commerce.wiring import Services
from tests.support.order_work import done
from tests.support.orders import AT, Item, lines_of, place_order, price
from tests.support.pricing import make_price_list
from tests.support.races import Meeting
from tests.support.services import side_by_side

Patch = pytest.MonkeyPatch
pytestmark = pytest.mark.usefixtures("books")
BUYERS = 50
WORKERS = 8


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Database]:
    """Patience, and connections enough for a crowd: the server has a hundred, and two suites share
    them.
    """
    shop = Database(database.url, PoolLimits(30, 0, wait=60, statement=60, lock=60))
    yield shop
    await shop.close()


@pytest.fixture
def unlocked(monkeypatch: Patch) -> None:
    """Orders are read where they should be locked."""

    meeting = Meeting()

    async def read(self: OrderRepository, id_: int, allowed: Any) -> Any:
        found = (await self.by_ids([id_])).get(id_)
        await meeting.arrive()
        await asyncio.sleep(0.1)
        return None if found is None else _Readable(found)

    monkeypatch.setattr(OrderRepository, "_locked", read)


class _Readable:
    """A row with the column that only the locking statement has."""

    erased = False

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _good(answers: list[Any]) -> int:
    return sum(not isinstance(answer, Problem | Exception) for answer in answers)


async def _placed(shop: Database, quantity: int = 4) -> Any:
    """An order of goods that nobody counts, so that no lock of stock helps."""
    async with units_on(shop)() as uow:
        await make_price_list(uow, is_default=True)
        order = await place_order(uow, Item(quantity=quantity))
        return order, (await lines_of(uow, order))[0]


async def _place_at_once(shop: Database) -> list[Any]:
    async with units_on(shop)() as uow:
        priced = await price(uow)

    async def place(services: Services) -> Any:
        return await services.order_writer.place(Placement(priced, placed_at=AT))

    return await side_by_side(shop, [place] * BUYERS)


async def test_fifty_orders_at_once_have_fifty_numbers(shop: Database) -> None:
    answers = await _place_at_once(shop)
    assert _good(answers) == BUYERS
    assert len({order.number for order in answers}) == BUYERS


async def test_numbers_that_are_counted_up_meet(shop: Database, monkeypatch: Patch) -> None:
    async def counted(self: OrderWriteRepository, *_dress: Any) -> Number:
        last = await self._uow.scalar(select(func.max(col(Order.number_value))))
        value = (last or 0) + 1
        return Number(value, str(value))

    monkeypatch.setattr(OrderWriteRepository, "next_number", counted)
    answers = await _place_at_once(shop)
    assert any(isinstance(answer, IntegrityError) for answer in answers)


async def _send_at_once(shop: Database) -> tuple[int, int, int]:
    """Eight people send the same four units: how many could, how many parcels there are, and how
    many units are said to have left.
    """
    order, _ = await _placed(shop)

    async def send(services: Services) -> Any:
        return await services.fulfillments.create(order.id, [], {}, notify=False)

    answers = await side_by_side(shop, [send] * WORKERS)
    async with units_on(shop)() as uow:
        parcels = await uow.scalar(select(func.count()).select_from(Fulfillment))
        sent = await uow.scalar(select(func.sum(col(OrderLine.fulfilled))))
    return _good(answers), parcels, sent


async def test_units_leave_once(shop: Database) -> None:
    assert await _send_at_once(shop) == (1, 1, 4)


@pytest.mark.usefixtures("unlocked")
async def test_without_the_lock_only_the_table_s_own_check_keeps_them(shop: Database) -> None:
    """With an error instead of an answer."""
    order, _ = await _placed(shop)

    async def send(services: Services) -> Any:
        return await services.fulfillments.create(order.id, [], {}, notify=False)

    assert any(
        isinstance(answer, IntegrityError) for answer in await side_by_side(shop, [send] * WORKERS)
    )


async def _cancel_and_send(shop: Database) -> tuple[int, int]:
    """Canceled and sent at once: how many units are canceled, and how many have left."""
    order, _ = await _placed(shop)

    async def send(services: Services) -> Any:
        return await services.fulfillments.create(order.id, [], {}, notify=False)

    async def cancel(services: Services) -> Any:
        return await services.order_cancellations.cancel(order.id, notify=False)

    await side_by_side(shop, [send, cancel])
    async with units_on(shop)() as uow:
        columns = (col(OrderLine.canceled), col(OrderLine.fulfilled))
        row = (await uow.rows(select(*columns)))[0]
        return row.canceled, row.fulfilled


async def test_an_order_is_sent_or_canceled(shop: Database) -> None:
    assert await _cancel_and_send(shop) in {(4, 0), (0, 4)}


@pytest.mark.usefixtures("unlocked")
async def test_without_the_lock_both_try(shop: Database) -> None:
    """Nobody is refused: the order is sent and canceled, or the table's own check stops one of
    them with an error instead of an answer.
    """
    order, _ = await _placed(shop)

    async def send(services: Services) -> Any:
        return await services.fulfillments.create(order.id, [], {}, notify=False)

    async def cancel(services: Services) -> Any:
        return await services.order_cancellations.cancel(order.id, notify=False)

    answers = await side_by_side(shop, [send, cancel])
    assert not any(isinstance(answer, Problem) for answer in answers)


async def _edit_at_once(shop: Database) -> tuple[int, int]:
    """Two people edit the version they saw: how many could, and the version afterwards."""
    order, line = await _placed(shop)

    def edit(quantity: int) -> Any:
        async def work(services: Services) -> Any:
            edits = [LineEdit(quantity, line_id=line.id)]
            return await services.order_editing.edit(order.id, edits, order.version)

        return work

    answers = await side_by_side(shop, [edit(2), edit(3)])
    async with units_on(shop)() as uow:
        version = await uow.scalar(select(col(Order.version)))
    return _good(answers), version


async def test_of_two_edits_at_once_one_counts(shop: Database) -> None:
    assert await _edit_at_once(shop) == (1, 2)


@pytest.mark.usefixtures("unlocked")
async def test_without_the_lock_an_edit_is_lost(shop: Database) -> None:
    assert await _edit_at_once(shop) == (2, 3)


async def _receive_at_once(shop: Database) -> int:
    """A return of two of four units is received by two people; how many units are back."""
    order, line = await _placed(shop)
    async with units_on(shop)() as uow:
        await done(uow, lambda own: own.fulfillments.create(order.id, [], {}, notify=False))
        two = [LineUnits(line.id, 2)]
        made = await done(uow, lambda own: own.returns.create(order.id, two, ""))

    async def receive(services: Services) -> Any:
        return await services.returns.receive(made.order_return.id)

    await side_by_side(shop, [receive] * 2)
    async with units_on(shop)() as uow:
        return int(await uow.scalar(select(func.sum(col(OrderLine.returned)))))


async def test_a_return_is_received_once(shop: Database) -> None:
    assert await _receive_at_once(shop) == 2


@pytest.mark.usefixtures("unlocked")
async def test_without_the_lock_its_units_come_back_twice(
    shop: Database, monkeypatch: Patch
) -> None:
    """Both read the return before either has written that it is here."""
    read = PartRepository.of_order

    async def late(self: PartRepository, order_id: int) -> Any:
        found = await read(self, order_id)
        await asyncio.sleep(0.2)
        return found

    monkeypatch.setattr(PartRepository, "of_order", late)
    assert await _receive_at_once(shop) == 4
