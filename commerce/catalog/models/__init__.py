"""Products and what describes them."""

from commerce.catalog.models.details import (
    Attribute,
    AttributeValue,
    Metafield,
    SlugRedirect,
    Tombstone,
)
from commerce.catalog.models.groups import (
    Brand,
    Category,
    Collection,
    CollectionProduct,
    ProductCategory,
)
from commerce.catalog.models.products import (
    Media,
    OptionGroup,
    OptionValue,
    Product,
    Variant,
    VariantOption,
)

__all__ = [
    "Attribute",
    "AttributeValue",
    "Brand",
    "Category",
    "Collection",
    "CollectionProduct",
    "Media",
    "Metafield",
    "OptionGroup",
    "OptionValue",
    "Product",
    "ProductCategory",
    "SlugRedirect",
    "Tombstone",
    "Variant",
    "VariantOption",
]
