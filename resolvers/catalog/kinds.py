"""The catalogue's enums as GraphQL enums; types import them from here, so that they are."""

from commerce.catalog.kinds import (
    AttributeType,
    BackorderPolicy,
    BranchStrategy,
    DeletedKind,
    ErrorPolicy,
    MediaKind,
    MetafieldOwner,
    MetafieldType,
    OptionStrategy,
    ProductStatus,
    ProductType,
)
from resolvers.enums import described

described(
    ProductStatus,
    "Only active products are seen by the public storefront.",
    DRAFT="Not ready yet.",
    ACTIVE="For sale.",
    HIDDEN="Ready, but not shown.",
    ARCHIVED="Taken out of the shop, together with its variants.",
)
described(
    ProductType,
    "How a product reaches its buyer.",
    PHYSICAL="It is sent.",
    DIGITAL="It is downloaded.",
    SERVICE="It is done.",
)
described(
    BackorderPolicy,
    "Whether a variant can be bought beyond its stock.",
    DENY="It cannot.",
    ALLOW="It can.",
)
described(
    MediaKind,
    "What a media record points at.",
    IMAGE="A picture.",
    VIDEO="A film in a file.",
    EXTERNAL_VIDEO="A film at a film portal.",
    MODEL="A model in three dimensions.",
)
described(
    ErrorPolicy,
    "What becomes of the good rows when others are bad.",
    ALL_OR_NOTHING="Nothing is changed.",
    SKIP_FAILED_ROWS="They are written.",
)
described(
    OptionStrategy,
    "What becomes of variants whose option, or value, is to be removed.",
    REFUSE="They stay: nothing is changed.",
    ARCHIVE="They are archived; of those that only a removed option told apart all but the first.",
)
described(
    AttributeType,
    "What an attribute's values are.",
    TEXT="Free words.",
    NUMBER="An exact number, in the attribute's unit.",
    BOOLEAN="Yes or no.",
    DATE="A calendar date.",
    CHOICE="One of the attribute's choices.",
    CHOICES="Some of the attribute's choices.",
)
described(
    MetafieldOwner,
    "What a metafield belongs to.",
    PRODUCT="A product.",
    VARIANT="A variant.",
    CATEGORY="A category.",
    COLLECTION="A collection.",
    BRAND="A brand.",
    CUSTOMER="A customer.",
)
described(
    MetafieldType,
    "What a metafield's value is.",
    TEXT="Words.",
    NUMBER="A number; strings such as `9.99` are taken, too.",
    BOOLEAN="True or false.",
    DATE="A calendar date: `2026-01-31`.",
    JSON="Any JSON value.",
)
described(
    DeletedKind,
    "What a deletion speaks of.",
    PRODUCT="An archived product.",
    VARIANT="An archived variant.",
    CATEGORY="An archived category.",
    COLLECTION="A deleted collection.",
    BRAND="A deleted brand.",
    MEDIA="A deleted media record.",
    COUPON="A deleted coupon.",
)
described(
    BranchStrategy,
    "What becomes of the subcategories of a category that is archived.",
    REFUSE="They stay: nothing is changed while there are any.",
    ARCHIVE="They are archived with it, all the way down.",
)

__all__ = [
    "AttributeType",
    "BackorderPolicy",
    "BranchStrategy",
    "DeletedKind",
    "ErrorPolicy",
    "MediaKind",
    "MetafieldOwner",
    "MetafieldType",
    "OptionStrategy",
    "ProductStatus",
    "ProductType",
]
