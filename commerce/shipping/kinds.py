"""The closed sets of words that shipping uses."""

from enum import Enum


class ShippingKind(Enum):
    """Where a method's price comes from, and where the goods go."""

    FLAT = "flat"
    TABLE = "table"
    PICKUP = "pickup"
    CARRIER = "carrier"


class TableBasis(Enum):
    """What the rows of a table of prices are chosen by."""

    WEIGHT = "weight"
    SUBTOTAL = "subtotal"
    DISCOUNTED_SUBTOTAL = "discounted_subtotal"
    QUANTITY = "quantity"


class Weekday(Enum):
    """Days of the week, Monday first, by the numbers of ISO 8601."""

    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7


class SlotPrecision(Enum):
    """What a customer chooses who may say when goods come or are fetched."""

    DATE = "date"
    SLOT = "slot"
