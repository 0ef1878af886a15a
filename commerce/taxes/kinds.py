"""Words of taxes that the tables, the rules and the schema share."""

from enum import Enum


class ShippingTax(Enum):
    """How what shipping costs is taxed."""

    CLASS = "class"
    GOODS = "goods"
    NONE = "none"
