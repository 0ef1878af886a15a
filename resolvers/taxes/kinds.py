"""The words of taxes as GraphQL enums; types import them from here, so that they are."""

from commerce.taxes.kinds import ShippingTax
from resolvers.enums import described

described(
    ShippingTax,
    "How what shipping costs is taxed.",
    CLASS="Like goods of one tax class.",
    GOODS="Like the goods that are sent, in proportion to their value.",
    NONE="Not at all.",
)

__all__ = ["ShippingTax"]
