"""The words of shipping as GraphQL enums; types import them from here, so that they are."""

from commerce.shipping.kinds import ShippingKind, SlotPrecision, TableBasis, Weekday
from resolvers.enums import described

described(
    ShippingKind,
    "Where a method's price comes from.",
    FLAT="Always the same.",
    TABLE="From a table, by weight, value or number of units.",
    PICKUP="Customers fetch the goods themselves.",
    CARRIER="The carrier says for every parcel.",
)
described(
    TableBasis,
    "What the rows of a table are chosen by.",
    WEIGHT="Grams.",
    SUBTOTAL="What the goods cost before discounts.",
    DISCOUNTED_SUBTOTAL="What the goods cost after discounts.",
    QUANTITY="Units.",
)
described(
    Weekday,
    "A day of the week.",
    MONDAY="Monday.",
    TUESDAY="Tuesday.",
    WEDNESDAY="Wednesday.",
    THURSDAY="Thursday.",
    FRIDAY="Friday.",
    SATURDAY="Saturday.",
    SUNDAY="Sunday.",
)
described(
    SlotPrecision,
    "What a customer chooses who may say when goods come or are fetched.",
    DATE="A day.",
    SLOT="A day and a span of time.",
)

__all__ = ["ShippingKind", "SlotPrecision", "TableBasis", "Weekday"]
