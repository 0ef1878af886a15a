"""What an order keeps of what was priced: everything, as it was. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from commerce.carts.rules.content import Priced, PricedLine
from commerce.orders.kinds import OrderSource, OrderStatus
from commerce.orders.rules.charges import (
    Json,
    charge_json,
    charge_values,
    exact_sum,
    rate_json,
    rounding_json,
)
from commerce.orders.rules.surcharges import surcharges_json
from commerce.pricing.rules.draft import Draft
from commerce.pricing.rules.totals import Calculation, Charge, gross_of
from commerce.pricing.rules.trace import Step
from commerce.promotions.rules.stored import stored_value


@dataclass(frozen=True, slots=True)
class Placement:
    """What becomes an order. Addresses have the fields of an address book's entry.

    `placed_at` None makes a draft of it. The lines of `priced` are the order's, in their order.
    """

    priced: Priced
    cart_id: int | None = None
    customer_id: int | None = None
    email: str | None = None
    phone: str | None = None
    billing: Mapping[str, Any] | None = None
    shipping: Mapping[str, Any] | None = None
    locale: str = ""  # the store's
    note: str = ""
    extra_fields: Mapping[str, Any] = field(default_factory=dict)
    attribution: Mapping[str, Any] = field(default_factory=dict)
    status: OrderStatus = OrderStatus.PENDING
    source: OrderSource = OrderSource.STOREFRONT
    placed_at: datetime | None = None
    manual_discount: Mapping[str, Any] | None = None
    custom_prices: frozenset[int] = frozenset()


def order_values(placement: Placement) -> Json:
    """The columns of an order that is new."""
    content = placement.priced.content
    return {
        "cart_id": placement.cart_id,
        "customer_id": placement.customer_id,
        "customer_group_id": content.customer_group_id or 0,
        "email": placement.email,
        "phone": placement.phone,
        "name": name_of(placement.billing) or name_of(placement.shipping),
        "billing_address": _copy(placement.billing),
        "shipping_address": _copy(placement.shipping),
        "note": placement.note,
        "extra_fields": dict(placement.extra_fields),
        "attribution": dict(placement.attribution),
        "tax_exempt": content.tax_exempt,
        "status": placement.status,
        "source": placement.source,
        "placed_at": placement.placed_at,
        "manual_discount": _copy(placement.manual_discount),
        **sum_values(placement.priced),
    }


def sum_values(priced: Priced) -> Json:
    """The columns of an order that say what it comes to."""
    result, draft = priced.result, priced.draft
    return {
        "currency": draft.currency,
        "exponent": draft.rounding.exponent,
        "rounding": rounding_json(draft.rounding),
        "subtotal": result.subtotal,
        "discount": result.discount,
        "shipping": result.shipping.gross if result.shipping else Decimal(0),
        "surcharge": gross_of(result.surcharges),
        "net": result.net,
        "tax": result.tax,
        "total": result.total,
        "gift_cards": result.total - result.due,
        "due": result.due,
        "exact": exact_sum(result.every),
        "taxes": _taxes(result),
        "discounts": _discounts(result),
        "coupon_codes": coupon_codes(result),
        "trace": _trace(result.trace, priced.lines),
        "shipping_method": _method(priced),
        "shipping_charge": charge_json(result.shipping) if result.shipping else None,
        "surcharges": surcharges_json(priced),
    }


def line_values(line: PricedLine, charge: Charge, position: int) -> Json:
    """The columns of a line that is new."""
    return {
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "position": position,
        "title": line.title,
        "variant_title": line.variant_title,
        "sku": line.sku,
        "options": [{"name": name, "value": value} for name, value in line.options],
        "image_url": line.image_url,
        "slug": line.slug,
        "weight_grams": line.weight_grams,
        "requires_shipping": line.requires_shipping,
        "taxable": line.taxable,
        "tax_class_id": line.tax_class_id,
        "extra_fields": dict(line.extra_fields),
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "includes_tax": line.includes_tax,
        **charge_values(charge),
    }


def coupon_codes(result: Calculation) -> list[str]:
    """Those that gave something, as the store writes them."""
    codes = (discount.promotion.code for discount in result.discounts)
    return [code for code in codes if code is not None]


def name_of(address: Mapping[str, Any] | None) -> str:
    if address is None:
        return ""
    both = f"{address.get('first_name') or ''} {address.get('last_name') or ''}".strip()
    return both or address.get("company") or ""


def _taxes(result: Calculation) -> list[Json]:
    return [
        {**rate_json(total.rate), "net": str(total.net), "amount": str(total.amount)}
        for total in result.taxes
    ]


def _discounts(result: Calculation) -> list[Json]:
    return [
        {
            "promotion_id": discount.promotion.id,
            "name": discount.promotion.name,
            "code": discount.promotion.code,
            "stage": discount.promotion.stage.name.lower(),
            "amount": str(discount.amount),
            "exact": format(discount.exact, "f"),
            "value": stored_value(discount.promotion.value),
        }
        for discount in result.discounts
    ]


def _trace(steps: tuple[Step, ...], lines: tuple[PricedLine, ...]) -> list[Json]:
    """Lines are named by their position: `line:0` is the first."""
    subjects = {f"line:{line.id}": f"line:{place}" for place, line in enumerate(lines)}
    return [
        {
            "kind": step.kind,
            "subject": subjects.get(step.subject, step.subject),
            "cause": step.cause,
            "before": format(step.before, "f"),
            "change": format(step.change, "f"),
            "after": format(step.after, "f"),
        }
        for step in steps
    ]


def _method(priced: Priced) -> Json | None:
    """How it is sent, with what is needed to charge the same again."""
    quote, charged = priced.quote, _charged(priced.draft)
    if quote is None:
        return charged or None
    return {
        "code": quote.code,
        "description": quote.description,
        "kind": quote.kind.value,
        "delivery_from": _day(quote.delivery_from),
        "delivery_to": _day(quote.delivery_to),
        "pickup_address": _copy(quote.pickup_address),
        **charged,
    }


def _charged(draft: Draft) -> Json:
    shipping = draft.shipping
    if shipping is None:
        return {}
    rates = shipping.taxes
    return {
        "method_id": shipping.method_id,
        "name": shipping.name,
        "price": format(shipping.price, "f"),
        "includes_tax": shipping.includes_tax,
        "taxes": None if rates is None else [rate_json(rate) for rate in rates],
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _copy(address: Mapping[str, Any] | None) -> Json | None:
    return None if address is None else dict(address)
