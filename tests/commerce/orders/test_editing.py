"""Orders are edited, drafted, and bought again."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from commerce.catalog.kinds import ProductStatus
from commerce.catalog.models import Product, Variant
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, VersionConflict
from commerce.inventory.models import StockLevel
from commerce.inventory.problems import InsufficientStock
from commerce.orders.kinds import OrderSource, OrderStatus
from commerce.orders.problems import InvalidTransition
from commerce.orders.rules.editing import LineEdit
from tests.support.catalog import make_product, make_variant
from tests.support.customers import make_customer
from tests.support.inventory import make_level, make_location
from tests.support.order_work import done, promise
from tests.support.orders import Item, events_of, lines_of, order_now, place_order
from tests.support.pricing import make_price, make_price_list


class Shop:
    """Two variants with prices of today and stock."""

    def __init__(self, uow: UnitOfWork, mug: Any, cup: Any) -> None:
        self.uow, self.mug, self.cup = uow, mug, cup

    async def order(self, quantity: int = 2, price: str = "8.00") -> Any:
        """An order of mugs, at what they cost back then."""
        order = await place_order(
            self.uow, Item(price, quantity, variant=self.mug), shipping="4.90"
        )
        await promise(self.uow, order)
        return order

    async def reserved(self) -> list[int]:
        columns = (col(StockLevel.reserved),)
        return list(await self.uow.scalars(select(*columns).order_by(col(StockLevel.variant_id))))

    async def edit(self, order: Any, *edits: LineEdit, version: int | None = None) -> Any:
        return await done(self.uow, lambda own: own.order_editing.edit(order.id, edits, version))


@pytest.fixture
async def shop(uow: UnitOfWork) -> Shop:
    prices, main = await make_price_list(uow, is_default=True), await make_location(uow)
    made = []
    for title, price in (("Mug", "10.00"), ("Cup", "3.50")):
        variant = await make_variant(uow, await make_product(uow, title))
        await make_price(uow, prices, variant, price)
        await make_level(uow, variant, main, 5)
        made.append(variant)
    return Shop(uow, *made)


async def test_what_was_bought_keeps_its_price_and_what_is_added_has_todays(shop: Shop) -> None:
    order = await shop.order()
    line = (await lines_of(shop.uow, order))[0]
    edited = await shop.edit(
        order,
        LineEdit(3, line_id=line.id),
        LineEdit(2, variant_id=shop.cup.id),
        version=order.version,
    )
    assert edited.total == 3 * Decimal("8.00") + 2 * Decimal("3.50") + Decimal("4.90")
    assert edited.due - edited.paid == edited.total
    assert edited.shipping_method["name"] == "Parcel"
    assert await shop.reserved() == [3, 2]
    lines = await lines_of(shop.uow, order)
    assert [(each.title, each.quantity, each.unit_price) for each in lines] == [
        ("Mug", 3, Decimal("8.00")),
        ("Cup", 2, Decimal("3.50")),
    ]
    assert sum(each.gross for each in lines) + edited.shipping == edited.total
    assert await events_of(shop.uow, order) == ["placed", "edited"]


async def test_lines_are_removed_and_their_stock_is_free(shop: Shop) -> None:
    order = await shop.order()
    line = (await lines_of(shop.uow, order))[0]
    edited = await shop.edit(
        order, LineEdit(0, line_id=line.id), LineEdit(1, variant_id=shop.cup.id)
    )
    assert edited.total == Decimal("8.40")
    assert await shop.reserved() == [0, 1]
    assert [each.title for each in await lines_of(shop.uow, order)] == ["Cup"]


async def test_a_price_is_set_by_hand(shop: Shop) -> None:
    order = await shop.order()
    line = (await lines_of(shop.uow, order))[0]
    edited = await shop.edit(order, LineEdit(2, line_id=line.id, unit_price=Decimal("1.00")))
    assert edited.subtotal == Decimal("2.00")
    assert (await lines_of(shop.uow, order))[0].custom_price


async def test_products_that_are_gone_stay_in_their_orders(shop: Shop) -> None:
    order = await shop.order()
    await shop.uow.change(update(Product).values(status=ProductStatus.DRAFT))
    line = (await lines_of(shop.uow, order))[0]
    edited = await shop.edit(order, LineEdit(1, line_id=line.id))
    assert edited.subtotal == Decimal("8.00")
    gone = await shop.edit(order, LineEdit(1, variant_id=shop.cup.id))
    assert isinstance(gone, NotFound)


async def test_edits_that_cannot_be(shop: Shop) -> None:
    order = await shop.order()
    line = (await lines_of(shop.uow, order))[0]
    wrong: list[tuple[list[LineEdit], type]] = [
        ([LineEdit(0, line_id=line.id)], Invalid),
        ([LineEdit(1)], Invalid),
        ([LineEdit(1, line_id=line.id, variant_id=1)], Invalid),
        ([LineEdit(1, line_id=404)], NotFound),
        ([LineEdit(1, line_id=line.id), LineEdit(1, line_id=line.id)], Invalid),
        ([LineEdit(-1, line_id=line.id)], Invalid),
        ([LineEdit(2**70, line_id=line.id)], Invalid),
        ([LineEdit(0, variant_id=shop.cup.id)], Invalid),
        ([LineEdit(1, variant_id=404)], NotFound),
        ([LineEdit(1, line_id=line.id, unit_price=Decimal("NaN"))], Invalid),
        ([LineEdit(1, line_id=line.id, unit_price=Decimal(-1))], Invalid),
        ([LineEdit(6, line_id=line.id)], InsufficientStock),
        (
            [LineEdit(1, line_id=line.id)] * 0 + [LineEdit(9, variant_id=shop.cup.id)],
            InsufficientStock,
        ),
    ]
    for edits, kind in wrong:
        assert isinstance(await shop.edit(order, *edits), kind), edits
    assert isinstance(await shop.edit(order, version=9), VersionConflict)
    assert (await order_now(shop.uow, order)).version == order.version
    assert await shop.reserved() == [2, 0]


async def test_what_was_sent_is_not_edited_away(shop: Shop) -> None:
    order = await shop.order()
    line = (await lines_of(shop.uow, order))[0]
    await done(shop.uow, lambda own: own.fulfillments.create(order.id, [], {}))
    assert isinstance(await shop.edit(order, LineEdit(1, line_id=line.id)), InvalidTransition)


async def test_a_draft_is_made_changed_and_placed(shop: Shop) -> None:
    ada = await make_customer(shop.uow)
    values = {"email": ada.email, "staff_note": "By phone"}
    discount = {"kind": "percent", "value": "10", "title": "For a friend"}
    terms = {"customer_id": ada.id, "manual_discount": discount}
    lines = [LineEdit(2, variant_id=shop.mug.id), LineEdit(1, variant_id=shop.cup.id)]
    draft = await done(shop.uow, lambda own: own.order_drafts.create(lines, values, terms))
    assert (draft.status, draft.source) == (OrderStatus.DRAFT, OrderSource.STAFF)
    assert draft.total == Decimal("21.15")
    assert draft.discounts[0]["name"] == "For a friend"
    assert await shop.reserved() == [0, 0]
    mug = (await lines_of(shop.uow, draft))[0]
    cheaper = [LineEdit(2, line_id=mug.id, unit_price=Decimal("5.00"))]
    changed = await done(
        shop.uow,
        lambda own: own.order_drafts.update(draft.id, cheaper, {"manual_discount": None}),
    )
    assert changed.total == Decimal("13.50")
    for _ in range(2):
        placed = await done(shop.uow, lambda own: own.order_drafts.complete(draft.id))
        assert placed.status is OrderStatus.PENDING
        assert await shop.reserved() == [2, 1]
    assert await events_of(shop.uow, draft) == ["drafted", "edited", "placed"]
    late = await done(shop.uow, lambda own: own.order_drafts.update(draft.id, [], {}))
    assert isinstance(late, InvalidTransition)


@pytest.mark.parametrize(
    "terms",
    [
        {"customer_id": 404},
        {"coupon_codes": ["\0"]},
        {"coupon_codes": ["c"] * 11},
        {"manual_discount": {"kind": "percent", "value": "101", "title": "X"}},
        {"manual_discount": {"kind": "amount", "value": "-1", "title": "X"}},
        {"manual_discount": {"kind": "amount", "value": "1", "title": ""}},
    ],
)
async def test_drafts_that_cannot_be(shop: Shop, terms: dict[str, Any]) -> None:
    lines = [LineEdit(1, variant_id=shop.mug.id)]
    refused = await done(shop.uow, lambda own: own.order_drafts.create(lines, {}, terms))
    assert isinstance(refused, Invalid | NotFound)


async def test_the_same_again_as_far_as_it_is_sold(shop: Shop) -> None:
    order = await place_order(
        shop.uow, Item("8.00", 2, variant=shop.mug), Item("1.00", title="Gone")
    )
    again = await done(shop.uow, lambda own: own.order_repeats.repeat(order.id))
    assert [line.title for line in again.missing] == ["Gone"]
    assert again.cart.currency == "EUR"


@pytest.mark.parametrize("lines", [1, 6])
async def test_an_edit_costs_the_same_for_any_number_of_lines(
    shop: Shop, statements: list[str], lines: int
) -> None:
    items = [Item("8.00", 1, title=f"Thing {n}") for n in range(lines)]
    order = await place_order(shop.uow, *items)
    edits = [LineEdit(2, line_id=line.id) for line in await lines_of(shop.uow, order)]
    await shop.uow.change(update(Variant).values(track_stock=False))
    statements.clear()
    edited = await shop.edit(order, *edits, LineEdit(1, variant_id=shop.cup.id))
    assert edited.subtotal == lines * Decimal("16.00") + Decimal("3.50")
    assert len(statements) == 19  # some of it for today's prices
