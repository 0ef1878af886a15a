"""Orders are sent, canceled, sent back, filed away."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, VersionConflict
from commerce.customers.models import Customer
from commerce.inventory.models import StockLevel
from commerce.notifications.models import OutgoingMessage
from commerce.orders.kinds import (
    CancelReason,
    FulfillmentStatus,
    OrderStatus,
    ReturnStatus,
    ShipmentStatus,
    StatusGroup,
)
from commerce.orders.problems import InvalidTransition
from commerce.orders.rules.units import LineUnits
from tests.support.catalog import make_product, make_variant
from tests.support.customers import make_customer, viewer_of
from tests.support.inventory import make_level, make_location
from tests.support.order_work import done, promise
from tests.support.orders import Item, events_of, lines_of, order_now, place_order


async def _stocked(uow: UnitOfWork, quantity: int = 3, on_hand: int = 5) -> tuple[Any, Any]:
    """An order of a variant whose stock counts, and its line."""
    variant = await make_variant(uow, await make_product(uow))
    await make_level(uow, variant, await make_location(uow), on_hand)
    order = await place_order(uow, Item(quantity=quantity, variant=variant))
    await promise(uow, order)
    return order, (await lines_of(uow, order))[0]


async def _stock(uow: UnitOfWork) -> tuple[int, int]:
    """On hand, and reserved."""
    columns = (col(StockLevel.on_hand), col(StockLevel.reserved))
    row = (await uow.rows(select(*columns)))[0]
    return row.on_hand, row.reserved


async def test_units_are_sent_parcel_by_parcel(uow: UnitOfWork) -> None:
    order, line = await _stocked(uow)
    tracking = {"carrier": "DHL", "tracking_number": "42"}
    first = await done(
        uow, lambda own: own.fulfillments.create(order.id, [LineUnits(line.id, 2)], tracking)
    )
    assert first.order.fulfillment_status is FulfillmentStatus.PARTIALLY_FULFILLED
    assert (first.order.status, first.fulfillment.carrier) == (OrderStatus.PROCESSING, "DHL")
    assert await _stock(uow) == (3, 1)
    rest = await done(uow, lambda own: own.fulfillments.create(order.id, [], {}))
    assert rest.order.fulfillment_status is FulfillmentStatus.FULFILLED
    assert rest.order.status is OrderStatus.SHIPPED
    assert await _stock(uow) == (2, 0)
    more = await done(uow, lambda own: own.fulfillments.create(order.id, [], {}))
    assert isinstance(more, Invalid)
    assert await events_of(uow, order) == ["placed", "shipped", "shipped"]
    kinds = await uow.scalars(select(col(OutgoingMessage.kind)))
    assert sorted(kinds) == ["order_placed", "order_shipped", "order_shipped"]


async def test_an_order_has_arrived_once_all_its_parcels_have(uow: UnitOfWork) -> None:
    order, line = await _stocked(uow, quantity=2)
    parcels = [
        await done(uow, lambda own: own.fulfillments.create(order.id, [LineUnits(line.id, 1)], {}))
        for _ in range(2)
    ]
    first, last = (parcel.fulfillment.id for parcel in parcels)
    one = await done(uow, lambda own: own.fulfillments.deliver(first))
    assert one.order.status is OrderStatus.SHIPPED
    both = await done(uow, lambda own: own.fulfillments.deliver(last))
    assert both.order.status is OrderStatus.DELIVERED
    again = await done(uow, lambda own: own.fulfillments.deliver(last))
    assert again.order.version == both.order.version


async def test_a_parcel_that_never_left_is_to_be_sent_again(uow: UnitOfWork) -> None:
    order, _ = await _stocked(uow)
    sent = await done(uow, lambda own: own.fulfillments.create(order.id, [], {}))
    for _ in range(2):
        back = await done(uow, lambda own: own.fulfillments.cancel(sent.fulfillment.id))
        assert back.fulfillment.status is ShipmentStatus.CANCELED
        assert back.order.status is OrderStatus.PROCESSING
        assert await _stock(uow) == (5, 3)
    again = await done(uow, lambda own: own.fulfillments.create(order.id, [], {}))
    assert again.order.fulfillment_status is FulfillmentStatus.FULFILLED
    assert await _stock(uow) == (2, 0)


@pytest.mark.parametrize(
    ("tracking", "path"),
    [
        ({"tracking_url": "javascript:alert(1)"}, ("tracking_url",)),
        ({"tracking_url": "https://"}, ("tracking_url",)),
        ({"carrier": "D\0L"}, ("carrier",)),
        ({"tracking_number": "4" * 201}, ("tracking_number",)),
    ],
)
async def test_what_no_parcel_is_tracked_by(
    uow: UnitOfWork, tracking: dict[str, str], path: tuple[str, ...]
) -> None:
    order, _ = await _stocked(uow)
    refused = await done(uow, lambda own: own.fulfillments.create(order.id, [], tracking))
    assert isinstance(refused, Invalid)
    assert refused.path == path
    assert await _stock(uow) == (5, 3)


@pytest.mark.parametrize(("quantity", "kind"), [(0, Invalid), (4, Invalid), (2**70, Invalid)])
async def test_quantities_that_are_not_there_are_not_sent(
    uow: UnitOfWork, quantity: int, kind: type
) -> None:
    order, line = await _stocked(uow)
    wanted = [LineUnits(line.id, quantity)]
    assert isinstance(
        await done(uow, lambda own: own.fulfillments.create(order.id, wanted, {})), kind
    )
    assert (await order_now(uow, order)).version == 1


async def test_lines_of_other_orders_are_not_found(uow: UnitOfWork) -> None:
    order, _ = await _stocked(uow)
    foreign = (await lines_of(uow, await place_order(uow)))[0]
    wanted = [LineUnits(foreign.id, 1)]
    answer = await done(uow, lambda own: own.fulfillments.create(order.id, wanted, {}))
    assert isinstance(answer, NotFound)


async def test_canceling_gives_everything_back_once(uow: UnitOfWork) -> None:
    order, line = await _stocked(uow)
    for _ in range(2):
        canceled = await done(
            uow, lambda own: own.order_cancellations.cancel(order.id, CancelReason.CUSTOMER)
        )
        assert (canceled.status, canceled.cancel_reason) == (
            OrderStatus.CANCELED,
            CancelReason.CUSTOMER,
        )
        assert await _stock(uow) == (5, 0)
    assert (await lines_of(uow, order))[0].canceled == line.quantity
    assert await events_of(uow, order) == ["placed", "canceled"]
    sent = await done(uow, lambda own: own.fulfillments.create(order.id, [], {}))
    assert isinstance(sent, Invalid)


async def test_what_was_sent_cannot_be_canceled(uow: UnitOfWork) -> None:
    order, line = await _stocked(uow)
    await done(uow, lambda own: own.fulfillments.create(order.id, [LineUnits(line.id, 1)], {}))
    refused = await done(uow, lambda own: own.order_cancellations.cancel(order.id))
    assert isinstance(refused, InvalidTransition)
    assert await _stock(uow) == (4, 2)


async def test_buyers_ask_and_the_shop_receives(uow: UnitOfWork) -> None:
    variant = await make_variant(uow, await make_product(uow))
    await make_level(uow, variant, await make_location(uow), 5)
    ada = await make_customer(uow)
    order = await place_order(uow, Item(quantity=2, variant=variant), customer=ada)
    await promise(uow, order)
    await done(uow, lambda own: own.fulfillments.create(order.id, [], {}))
    asked = await done(
        uow, lambda own: own.returns.create(order.id, [], "Too blue"), viewer_of(ada)
    )
    assert asked.order_return.status is ReturnStatus.REQUESTED
    twice = await done(uow, lambda own: own.returns.create(order.id, [], ""), viewer_of(ada))
    assert isinstance(twice, Invalid)
    id_ = asked.order_return.id
    await done(uow, lambda own: own.returns.decide(id_, "Fine", approved=True))
    for _ in range(2):
        received = await done(uow, lambda own: own.returns.receive(id_))
        assert received.order.fulfillment_status is FulfillmentStatus.RETURNED
        assert await _stock(uow) == (5, 0)
    late = await done(uow, lambda own: own.returns.decide(id_, "No", approved=False))
    assert isinstance(late, InvalidTransition)


async def test_what_comes_back_broken_stays_off_the_shelf(uow: UnitOfWork) -> None:
    order, line = await _stocked(uow)
    await done(uow, lambda own: own.fulfillments.create(order.id, [], {}))
    made = await done(uow, lambda own: own.returns.create(order.id, [LineUnits(line.id, 1)], ""))
    assert made.order_return.status is ReturnStatus.APPROVED
    await done(uow, lambda own: own.returns.receive(made.order_return.id, restock=False))
    assert await _stock(uow) == (2, 0)
    assert (await lines_of(uow, order))[0].returned == 1


async def test_others_cannot_send_back_what_they_have_not_bought(uow: UnitOfWork) -> None:
    order, _ = await _stocked(uow)
    await done(uow, lambda own: own.fulfillments.create(order.id, [], {}))
    eve = viewer_of(await make_customer(uow, "eve@shop.test"))
    assert isinstance(
        await done(uow, lambda own: own.returns.create(order.id, [], ""), eve), NotFound
    )


async def test_the_status_is_changed_by_hand_where_it_leads(uow: UnitOfWork) -> None:
    order = await place_order(uow)
    changed = await done(
        uow, lambda own: own.order_changes.transition(order.id, OrderStatus.AWAITING_STOCK, 1)
    )
    assert (changed.status, changed.version) == (OrderStatus.AWAITING_STOCK, 2)
    old = await done(
        uow, lambda own: own.order_changes.transition(order.id, OrderStatus.PROCESSING, 1)
    )
    assert isinstance(old, VersionConflict)
    wrong = await done(
        uow, lambda own: own.order_changes.transition(order.id, OrderStatus.COMPLETED)
    )
    assert isinstance(wrong, InvalidTransition)
    assert "SHIPPED" in wrong.allowed
    gone = await done(uow, lambda own: own.order_changes.transition(order.id, OrderStatus.CANCELED))
    assert gone.canceled_at is not None


async def test_orders_are_written_on(uow: UnitOfWork) -> None:
    order = await place_order(uow)
    address = {"country": "de", "last_name": "Byron", "street1": "Weg 2", "city": "Ulm"}
    values = {
        "email": "new@shop.test",
        "phone": "+491701234567",
        "shipping_address": {**address, "postal_code": "89073"},
        "staff_note": "Careful",
        "extra_fields": {"gift": "yes"},
    }
    changed = await done(uow, lambda own: own.order_changes.update(order.id, values, 1))
    assert (changed.email, changed.shipping_address["country"]) == ("new@shop.test", "DE")
    assert changed.total == order.total
    same = await done(uow, lambda own: own.order_changes.update(order.id, values))
    assert same.version == changed.version
    noted = await done(uow, lambda own: own.order_changes.note(order.id, "Hi", is_public=True))
    assert noted.version == changed.version + 1
    assert await events_of(uow, order) == ["placed", "updated", "noted"]


@pytest.mark.parametrize(
    "values",
    [
        {"email": "nobody"},
        {"phone": "12"},
        {"shipping_address": {"country": "XX"}},
        {"note": "n" * 10_001},
        {"staff_note": "\ud800"},
        {"extra_fields": {"a": 1}},
        {"extra_fields": {str(n): "" for n in range(51)}},
        {"custom_payment_status_id": 404},
    ],
)
async def test_what_is_not_written_on_orders(uow: UnitOfWork, values: dict[str, Any]) -> None:
    order = await place_order(uow)
    refused = await done(uow, lambda own: own.order_changes.update(order.id, values))
    assert isinstance(refused, Invalid | NotFound)
    assert (await order_now(uow, order)).version == 1


async def test_the_store_s_own_statuses(uow: UnitOfWork) -> None:
    order = await place_order(uow)
    named = await done(
        uow,
        lambda own: own.order_statuses.upsert(StatusGroup.PAYMENT, 1, " On account ", active=True),
    )
    values = {"custom_payment_status_id": named.id}
    changed = await done(uow, lambda own: own.order_changes.update(order.id, values))
    assert changed.custom_payment_status_id == named.id
    wrong = {"custom_fulfillment_status_id": named.id}
    refused = await done(uow, lambda own: own.order_changes.update(order.id, wrong))
    assert isinstance(refused, NotFound)
    fourth = await done(
        uow, lambda own: own.order_statuses.upsert(StatusGroup.PAYMENT, 4, "More", active=True)
    )
    assert isinstance(fourth, Invalid)


async def test_orders_are_filed_away_and_taken_out_again(uow: UnitOfWork) -> None:
    order = await place_order(uow)
    for _ in range(2):
        filed = await done(uow, lambda own: own.order_changes.archive(order.id, archived=True))
        assert filed.archived_at is not None
    back = await done(uow, lambda own: own.order_changes.archive(order.id, archived=False))
    assert back.archived_at is None
    assert await events_of(uow, order) == ["placed", "archived", "unarchived"]


async def test_orders_of_the_erased_go_on_without_words(uow: UnitOfWork) -> None:
    variant = await make_variant(uow, await make_product(uow))
    await make_level(uow, variant, await make_location(uow), 5)
    ada = await make_customer(uow)
    order = await place_order(uow, Item(variant=variant), customer=ada, email=None)
    await promise(uow, order)
    await uow.change(update(Customer).values(erased_at=system_clock(), email=None))
    noted = await done(uow, lambda own: own.order_changes.note(order.id, "Hm", is_public=False))
    assert isinstance(noted, Invalid)
    named = {"email": "ada@shop.test"}
    updated = await done(uow, lambda own: own.order_changes.update(order.id, named))
    assert isinstance(updated, Invalid)
    tracking = {"tracking_number": "42"}
    told = await done(uow, lambda own: own.fulfillments.create(order.id, [], tracking))
    assert isinstance(told, Invalid)
    sent = await done(uow, lambda own: own.fulfillments.create(order.id, [], {}))
    assert sent.order.status is OrderStatus.SHIPPED
    back = await done(uow, lambda own: own.returns.create(order.id, [], ""))
    received = await done(uow, lambda own: own.returns.receive(back.order_return.id))
    assert received.order.fulfillment_status is FulfillmentStatus.RETURNED
    assert received.order.total == order.total
