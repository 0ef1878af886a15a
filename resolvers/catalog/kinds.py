"""The catalogue's enums as GraphQL enums; types import them from here, so that they are."""

import strawberry

from commerce.catalog.kinds import (
    AttributeType,
    BackorderPolicy,
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
strawberry.enum(AttributeType, description="What an attribute's values are.")
strawberry.enum(MetafieldOwner, description="What a metafield belongs to.")
strawberry.enum(MetafieldType, description="What a metafield's value is.")
strawberry.enum(DeletedKind, description="What a tombstone speaks of.")

__all__ = [
    "AttributeType",
    "BackorderPolicy",
    "DeletedKind",
    "ErrorPolicy",
    "MediaKind",
    "MetafieldOwner",
    "MetafieldType",
    "OptionStrategy",
    "ProductStatus",
    "ProductType",
]
