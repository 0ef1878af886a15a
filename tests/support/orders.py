"""Builders of orders, priced by the engine itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import col

from commerce.carts.rules.content import CartContent, Priced, PricedLine, WantedLine
from commerce.carts.rules.paying import sale_of, with_surcharges
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM, Viewer
from commerce.orders.models import Order, OrderEvent, OrderLine
from commerce.orders.rules.snapshots import Placement
from commerce.pricing.rules.draft import Draft, GiftCard, Goods, Line, Shipping, TaxRate
from commerce.pricing.rules.promotions import Percent, Promotion, Stage
from commerce.pricing.rules.surcharges import SurchargeTerms
from commerce.pricing.rules.totals import calculate
from commerce.taxes.rules.table import TaxTable
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.services import PORTS

STANDARD = TaxRate(1, "VAT 23%", Decimal(23))
ZERO_RATE = TaxRate(2, "VAT 0%", Decimal(0))
TEN_PERCENT = Promotion(7, "Ten off", Percent(Decimal(10)), Stage.ORDER, code="TEN")
AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
BERLIN = {
    "first_name": "Ada",
    "last_name": "Byron",
    "company": "",
    "phone": None,
    "street1": "Ring 1",
    "street2": "",
    "postal_code": "10115",
    "city": "Berlin",
    "region": "",
    "country": "DE",
}


@dataclass(frozen=True)
class Item:
    """A line to buy; without `variant` a product is made for it."""

    price: str = "10.00"
    quantity: int = 1
    taxes: tuple[TaxRate, ...] = ()
    title: str = "Mug"
    variant: Any = None
    includes_tax: bool = False


async def price(
    uow: UnitOfWork,
    *items: Item,
    shipping: str | None = None,
    promotions: tuple[Promotion, ...] = (),
    gift_cards: tuple[GiftCard, ...] = (),
    customer: Any = None,
    currency: str = "EUR",
    surcharges: tuple[SurchargeTerms, ...] = (),
) -> Priced:
    """What these items come to, as a cart would be priced. Surcharges are taxed as `STANDARD`."""
    lines = [await _line(uow, place, item) for place, item in enumerate(items or (Item(),), 1)]
    draft = Draft(
        currency,
        tuple(
            Line(
                line.id,
                line.quantity,
                line.unit_price,
                item.taxes,
                line.includes_tax,
                Goods(line.product_id, line.variant_id),
            )
            for line, item in zip(lines, items or (Item(),), strict=True)
        ),
        AT,
        shipping=None if shipping is None else Shipping(3, "Parcel", Decimal(shipping)),
        promotions=promotions,
        codes=tuple(promotion.code for promotion in promotions if promotion.code),
        gift_cards=gift_cards,
    )
    draft = with_surcharges(draft, surcharges, TaxTable(everything=(STANDARD,)))
    content = CartContent(
        currency,
        tuple(WantedLine(line.id, line.variant_id, line.quantity) for line in lines),
        codes=draft.codes,
        customer_id=None if customer is None else customer.id,
        customer_group_id=0,
        surcharges=surcharges,
    )
    result = calculate(draft)
    sale = sale_of(content, result.total, None)
    return Priced(content, draft, result, tuple(lines), (), None, (), sale)


async def place_order(
    uow: UnitOfWork,
    *items: Item,
    customer: Any = None,
    viewer: Viewer = SYSTEM,
    cart_id: int | None = None,
    email: str | None = "ada@shop.test",
    placed_at: datetime | None = AT,
    values: dict[str, Any] | None = None,
    **priced: Any,
) -> Row[Any]:
    """An order, and then its columns set to `values`."""
    placement = Placement(
        await price(uow, *items, customer=customer, **priced),
        cart_id=cart_id,
        customer_id=None if customer is None else customer.id,
        email=email,
        billing=BERLIN,
        shipping=BERLIN,
        placed_at=placed_at,
    )
    services = Services(uow, viewer, system_clock, PORTS)
    order = await uow.transact(lambda: services.order_writer.place(placement))
    if values:
        order = await uow.transact(
            lambda: services.repositories.order_writes.change(order.id, values)
        )
    return order


async def lines_of(uow: UnitOfWork, order: Any) -> Sequence[Row[Any]]:
    columns = OrderLine.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    return await uow.rows(
        select(*columns).where(columns.order_id == order.id).order_by(columns.position)
    )


async def order_now(uow: UnitOfWork, order: Any) -> Row[Any]:
    columns = Order.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    return (await uow.rows(select(*columns).where(columns.id == order.id)))[0]


async def events_of(uow: UnitOfWork, order: Any) -> list[str]:
    """Kinds, the oldest first."""
    statement = select(col(OrderEvent.kind)).where(col(OrderEvent.order_id) == order.id)
    return [kind.value for kind in await uow.scalars(statement.order_by(col(OrderEvent.id)))]


async def _line(uow: UnitOfWork, place: int, item: Item) -> PricedLine:
    variant = item.variant
    if variant is None:
        slug = f"{item.title.lower()}-{system_clock().timestamp()}-{place}".replace(".", "-")
        variant = await make_variant(uow, await make_product(uow, item.title, slug=slug))
    return PricedLine(
        id=place,
        variant_id=variant.id,
        product_id=variant.product_id,
        quantity=item.quantity,
        unit_price=Decimal(item.price),
        compare_at=None,
        seen_price=None,
        includes_tax=item.includes_tax,
        tax_class_id=None,
        title=item.title,
        variant_title="Blue",
        sku=None,
        options=(("Colour", "Blue"),),
        image_url=None,
        slug="mug",
        weight_grams=300,
        requires_shipping=True,
        taxable=bool(item.taxes),
        available=None,
        backorder=False,
        extra_fields={},
    )
