"""The closed sets of words lists are asked with."""

from enum import Enum


class ProductOrderField(Enum):
    TITLE = "title"
    PRICE = "price"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    PUBLISHED_AT = "published_at"
    POSITION = "position"
    RELEVANCE = "relevance"
    CATEGORY_POSITION = "category_position"


class VariantOrderField(Enum):
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    SKU = "sku"
    PRICE = "price"


class FacetKind(Enum):
    CATEGORY = "category"
    BRAND = "brand"
    PRICE = "price"
    AVAILABILITY = "availability"
    OPTION = "option"
    ATTRIBUTE = "attribute"


class ProductPart(Enum):
    """Where words of a product stand."""

    TITLE = "title"
    DESCRIPTION = "description"
    SLUG = "slug"
    BRAND = "brand"
    OPTIONS = "options"
    CATEGORIES = "categories"
    TAGS = "tags"
    SKU = "sku"
    BARCODE = "barcode"
