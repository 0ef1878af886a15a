"""What is to be sent, what the shop offers for it, and what a method costs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from commerce.core.money import round_amount, shown_amount
from commerce.core.places import Place
from commerce.shipping.kinds import ShippingKind, TableBasis
from commerce.shipping.ports import CarrierRate, Freight

ZERO: Final = Decimal(0)
GRAMS: Final = 1000
VISITORS_GROUP: Final = 0  # whoever is in no group counts to the built-in one


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything of a cart that has to be sent.

    `subtotal` is what the goods cost before discounts, `discounted_subtotal` after them; None says
    that there are none.
    """

    currency: str
    subtotal: Decimal
    weight_grams: int
    quantity: int
    product_ids: frozenset[int] = frozenset()
    category_ids: frozenset[int] = frozenset()
    customer_group_id: int | None = None
    requires_shipping: bool = True
    discounted_subtotal: Decimal | None = None

    @property
    def freight(self) -> Freight:
        subtotal = shown_amount(self.subtotal, self.currency)  # stored amounts have more decimals
        return Freight(self.currency, subtotal, self.weight_grams, self.quantity)


@dataclass(frozen=True, slots=True)
class ShippingQuote:
    """A way to get the parcel, and what it costs. Without estimates the dates are None."""

    method_id: int
    code: str
    name: str
    description: str
    kind: ShippingKind
    price: Decimal
    tax_class_id: int | None = None
    delivery_from: date | None = None
    delivery_to: date | None = None
    pickup_address: Mapping[str, Any] | None = None
    pickup_instructions: str = ""
    local_delivery: bool = False
    schedule: Mapping[str, Any] | None = None


def is_offered(method: Any, parcel: Parcel) -> bool:
    """Whether the method's own limits let the parcel pass. Bounds are inclusive."""
    group = VISITORS_GROUP if parcel.customer_group_id is None else parcel.customer_group_id
    return (
        _within(method.min_weight_grams, parcel.weight_grams, method.max_weight_grams)
        and _within(method.min_quantity, parcel.quantity, method.max_quantity)
        and _within(method.min_subtotal, parcel.subtotal, method.max_subtotal)
        and (not method.customer_group_ids or group in method.customer_group_ids)
        and parcel.product_ids.isdisjoint(method.excluded_product_ids)
        and parcel.category_ids.isdisjoint(method.excluded_category_ids)
    )


def price_of(method: Any, parcel: Parcel, rate: CarrierRate | None) -> Decimal | None:
    """What sending the parcel costs; None when the table or the carrier has no price for it.

    The method's own price and percentage are added to the table's or the carrier's.
    """
    base = _base(method, parcel, rate)
    if base is None:
        return None
    if method.free_from is not None and parcel.subtotal >= method.free_from:
        return ZERO
    own: Decimal = method.price + parcel.subtotal * method.percent / 100
    return round_amount(base + own, parcel.currency)


def _base(method: Any, parcel: Parcel, rate: CarrierRate | None) -> Decimal | None:
    if method.kind is ShippingKind.TABLE:
        return _looked_up(method, parcel)
    if method.kind is ShippingKind.CARRIER:
        return None if rate is None or rate.currency != parcel.currency else rate.price
    return ZERO


def _looked_up(method: Any, parcel: Parcel) -> Decimal | None:
    """By the row that covers the parcel; where two touch, by the one that starts later."""
    size = _size(method.table_by, parcel)
    fitting = [row for row in method.rates if _covers(row, size)]
    if not fitting:
        return None
    row = max(fitting, key=lambda row: Decimal(row["from"]))
    return (
        Decimal(row["price"])
        + Decimal(row["percent"]) * parcel.subtotal / 100
        + Decimal(row["per_item"]) * parcel.quantity
        + Decimal(row["per_kilogram"]) * parcel.weight_grams / GRAMS
    )


def _covers(row: Mapping[str, Any], size: Decimal) -> bool:
    return Decimal(row["from"]) <= size and (row["to"] is None or size <= Decimal(row["to"]))


def _size(basis: TableBasis, parcel: Parcel) -> Decimal:
    if basis is TableBasis.WEIGHT:
        return Decimal(parcel.weight_grams)
    if basis is TableBasis.QUANTITY:
        return Decimal(parcel.quantity)
    if basis is TableBasis.DISCOUNTED_SUBTOTAL and parcel.discounted_subtotal is not None:
        return parcel.discounted_subtotal
    return parcel.subtotal


def _within(low: Any, value: Any, high: Any) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)


def digest_of(place: Place, parcel: Parcel) -> str:
    """One word for all that a carrier is told; it does not tell where anybody lives."""
    code = "".join((place.postal_code or "").split()).upper()
    told = (place.country, place.region, code, parcel.freight)
    return sha256(repr(told).encode()).hexdigest()
