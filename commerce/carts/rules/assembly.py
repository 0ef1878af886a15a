"""From what was read to what is calculated. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from commerce.carts.kinds import CartWarningCode
from commerce.carts.rules.content import CartContent, CartWarning, PricedLine, WantedLine
from commerce.carts.rules.lines import ONE_PER_ORDER, line_path
from commerce.catalog.kinds import BackorderPolicy
from commerce.catalog.rules.difference import NO_OPTIONS
from commerce.core.money import currency_exponent
from commerce.pricing.rules.amounts import (
    ZERO,
    Rounding,
    RoundingMode,
    RoundingStage,
    printed,
)
from commerce.pricing.rules.discounts import discounted
from commerce.pricing.rules.draft import Draft, Goods, Line, Shipping
from commerce.pricing.rules.eligible import choose
from commerce.pricing.rules.prices import on_sale
from commerce.pricing.rules.totals import Calculation
from commerce.pricing.rules.trace import Trace
from commerce.shipping.rules.parcels import Parcel, ShippingQuote
from commerce.taxes.rules.table import TaxTable

GoodsByVariant = Mapping[int, Any]


def sorted_out(
    content: CartContent, goods: GoodsByVariant
) -> tuple[list[PricedLine], list[CartWarning]]:
    """The lines that can be bought, and what is to be said of these and the others."""
    units, lines, warnings = content.quantities(), [], []
    for wanted in content.lines:
        row = goods.get(wanted.variant_id)
        missing = _missing(wanted, row, units[wanted.variant_id])
        if missing is not None:
            warnings.append(missing)
            continue
        line = _line(wanted, row)
        lines.append(line)
        short = _shortage(line, units[line.variant_id])
        if short is not None:
            warnings.append(short)
    return lines, warnings


def below_minimum(
    content: CartContent, lines: Sequence[PricedLine], result: Calculation
) -> list[CartWarning]:
    """What is lacking to be enough for the buyer's group; an empty cart lacks nothing yet."""
    if not lines:
        return []
    units = sum(line.quantity for line in lines)
    missed = content.minimum.missed_by(result.subtotal, units)
    return [CartWarning(CartWarningCode.BELOW_MINIMUM, message) for message in missed]


def _missing(wanted: WantedLine, row: Any, units: int) -> CartWarning | None:
    path = line_path(wanted.id)
    if row is None or not row.can_be_bought:
        return CartWarning(CartWarningCode.UNAVAILABLE, "This is not for sale any more.", path)
    if row.one_per_order and units > 1:
        return CartWarning(CartWarningCode.UNAVAILABLE, ONE_PER_ORDER, path, 1)
    if row.amount is None:
        message = "This has no price in the cart's currency."
        return CartWarning(CartWarningCode.NO_PRICE, message, path)
    return None


def _shortage(line: PricedLine, units: int) -> CartWarning | None:
    if line.available is None or units <= line.available:
        return None
    left, path = max(line.available, 0), line_path(line.id)
    if line.backorder:
        message = f"{units - left} units will follow later."
        return CartWarning(CartWarningCode.BACKORDERED, message, path, left)
    message = f"Only {left} units are available."
    return CartWarning(CartWarningCode.INSUFFICIENT_STOCK, message, path, left)


def _line(wanted: WantedLine, row: Any) -> PricedLine:
    return PricedLine(
        id=wanted.id,
        variant_id=row.id,
        product_id=row.product_id,
        quantity=wanted.quantity,
        unit_price=row.amount,
        compare_at=row.compare_at,
        seen_price=wanted.seen_price,
        includes_tax=row.prices_include_tax,
        tax_class_id=row.tax_class_id,
        title=row.title,
        variant_title="" if row.variant_title == NO_OPTIONS else row.variant_title,
        sku=row.sku,
        options=tuple((group, value) for group, value in row.options or ()),
        image_url=row.image_url,
        slug=row.slug,
        weight_grams=row.weight_grams,
        requires_shipping=row.requires_shipping,
        taxable=row.taxable,
        available=row.available if row.track_stock else None,
        backorder=row.backorder is BackorderPolicy.ALLOW,
        extra_fields=wanted.extra_fields,
    )


def draft_lines(
    lines: Sequence[PricedLine], goods: GoodsByVariant, table: TaxTable
) -> tuple[Line, ...]:
    known = {id_: _goods(goods[id_]) for id_ in {line.variant_id for line in lines}}
    return tuple(
        Line(
            id=line.id,
            quantity=line.quantity,
            unit_price=line.unit_price,
            taxes=table.of(line.tax_class_id, taxable=line.taxable),
            includes_tax=line.includes_tax,
            goods=known[line.variant_id],
        )
        for line in lines
    )


def _goods(row: Any) -> Goods:
    return Goods(
        product_id=row.product_id,
        variant_id=row.id,
        brand_id=row.brand_id,
        category_ids=frozenset(row.category_ids),
        collection_ids=frozenset(row.collection_ids),
        tags=frozenset(row.tags),
        on_sale=on_sale(row.amount, row.compare_at),
    )


def parcel_of(draft: Draft, lines: Sequence[PricedLine], group_id: int | None) -> Parcel:
    """What is to be sent; things that need no shipping count to the subtotals alone."""
    sent = {line.id: line for line in lines if line.requires_shipping}
    goods = [line.goods for line in draft.lines if line.id in sent]
    return Parcel(
        currency=draft.currency,
        subtotal=sum((line.unit_price * line.quantity for line in lines), Decimal(0)),
        weight_grams=sum(line.weight_grams * line.quantity for line in sent.values()),
        quantity=sum(line.quantity for line in sent.values()),
        product_ids=frozenset(each.product_id for each in goods),
        category_ids=frozenset().union(*(each.category_ids for each in goods)),
        customer_group_id=group_id,
        requires_shipping=bool(sent),
        discounted_subtotal=_discounted(draft),
    )


def _discounted(draft: Draft) -> Decimal | None:
    """What the goods cost after discounts; None when there are none."""
    if not draft.promotions:
        return None
    prices = discounted(draft, choose(draft).promotions, Trace())
    return printed(sum((prices.left[line.id] for line in draft.lines), ZERO))


def with_shipping(draft: Draft, quote: ShippingQuote | None, table: TaxTable) -> Draft:
    """Shipping prices contain taxes where those of the goods do."""
    if quote is None:
        return draft
    shipping = Shipping(
        method_id=quote.method_id,
        name=quote.name,
        price=quote.price,
        taxes=table.shipping_of(quote.tax_class_id),
        includes_tax=any(line.includes_tax for line in draft.lines),
    )
    return replace(draft, shipping=shipping)


def rounding_of(settings: Any, currency: str) -> Rounding:
    """As the store rounds, to the smallest unit of the currency."""
    mode, stage = RoundingMode(settings.rounding_mode), RoundingStage(settings.rounding_stage)
    return Rounding(currency_exponent(currency), mode, stage)
