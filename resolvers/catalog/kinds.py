"""The catalogue's enums as GraphQL enums; types import them from here, so that they are."""

import strawberry

from commerce.catalog.kinds import (
    AttributeType,
    BackorderPolicy,
    DeletedKind,
    MediaKind,
    MetafieldOwner,
    MetafieldType,
    ProductStatus,
    ProductType,
)

strawberry.enum(
    ProductStatus, description="Only active products are seen by the public storefront."
)
strawberry.enum(ProductType, description="How a product reaches its buyer.")
strawberry.enum(BackorderPolicy, description="Whether a variant can be bought beyond its stock.")
strawberry.enum(MediaKind, description="What a media record points at.")
strawberry.enum(AttributeType, description="What an attribute's values are.")
strawberry.enum(MetafieldOwner, description="What a metafield belongs to.")
strawberry.enum(MetafieldType, description="What a metafield's value is.")
strawberry.enum(DeletedKind, description="What a tombstone speaks of.")

__all__ = [
    "AttributeType",
    "BackorderPolicy",
    "DeletedKind",
    "MediaKind",
    "MetafieldOwner",
    "MetafieldType",
    "ProductStatus",
    "ProductType",
]
