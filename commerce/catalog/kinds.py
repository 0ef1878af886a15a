"""The closed sets of words the catalogue uses."""

from enum import Enum


class ProductStatus(Enum):
    """Only `ACTIVE` products are seen by the public storefront."""

    DRAFT = "draft"
    ACTIVE = "active"
    HIDDEN = "hidden"
    ARCHIVED = "archived"


class ProductType(Enum):
    PHYSICAL = "physical"
    DIGITAL = "digital"
    SERVICE = "service"


class BackorderPolicy(Enum):
    """Whether a variant can be bought beyond its stock."""

    DENY = "deny"
    ALLOW = "allow"


class MediaKind(Enum):
    IMAGE = "image"
    VIDEO = "video"
    EXTERNAL_VIDEO = "external_video"
    MODEL = "model"


class AttributeType(Enum):
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"


class MetafieldOwner(Enum):
    PRODUCT = "product"
    VARIANT = "variant"
    CATEGORY = "category"
    COLLECTION = "collection"
    BRAND = "brand"
    CUSTOMER = "customer"


class MetafieldType(Enum):
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    JSON = "json"


class Sluggable(Enum):
    """What is found by slug, and so keeps redirects from its former slugs."""

    PRODUCT = "product"
    CATEGORY = "category"
    COLLECTION = "collection"
    BRAND = "brand"


class DeletedKind(Enum):
    """What the tombstone feed speaks of."""

    PRODUCT = "product"
    VARIANT = "variant"
    CATEGORY = "category"
    COLLECTION = "collection"
    BRAND = "brand"
    MEDIA = "media"
    COUPON = "coupon"


class ErrorPolicy(Enum):
    """What becomes of the good rows when others are bad."""

    ALL_OR_NOTHING = "all_or_nothing"
    SKIP_FAILED_ROWS = "skip_failed_rows"


class OptionStrategy(Enum):
    """What becomes of variants whose option, or value, is to be removed."""

    REFUSE = "refuse"
    ARCHIVE = "archive"


class BranchStrategy(Enum):
    """What becomes of the subcategories of a category that is archived."""

    REFUSE = "refuse"
    ARCHIVE = "archive"
