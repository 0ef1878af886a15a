"""Whole products as other programs hand them over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from commerce.catalog.kinds import ProductStatus, ProductType
from commerce.catalog.rules.wanted import WantedMedia, WantedOption, WantedVariant
from commerce.core.absent import ABSENT, Absent
from commerce.core.problems import Problem


@dataclass(frozen=True, slots=True)
class StockSet:
    """`on_hand` units at the location with this code; None is the default location."""

    on_hand: int
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantSet(WantedVariant):
    """A variant with its price in the default list (None: no price) and its stock.

    `compare_at` and `cost` None take them away. The price of an archived product stays as it is.
    """

    price: Decimal | Absent | None = ABSENT
    compare_at: Decimal | Absent | None = ABSENT
    cost: Decimal | Absent | None = ABSENT
    stock: Sequence[StockSet] | Absent = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSet:
    """A whole product: the one with `id`, else the one with `slug`, which is added if not there.

    `variants`, `options`, `media`, `categories` and `collections` say all there are: others are
    archived, removed or left, unless it is not `exhaustive`. `brand`, `categories` and
    `collections` are slugs, or names, which `create_missing` adds where there are none;
    `tax_class` is a code or name. A brand can be said by its `brand_id` as
    well, categories by `category_ids`.

    With `must_be_new` it is added, and not without more if it is there; without a `slug` it gets
    one made of its title.
    """

    id: int | None = None
    slug: str | None = None
    title: str | Absent = ABSENT
    description_html: str | Absent = ABSENT
    excerpt: str | Absent = ABSENT
    status: ProductStatus | Absent = ABSENT
    type: ProductType | Absent = ABSENT
    brand: str | Absent | None = ABSENT
    brand_id: int | Absent | None = ABSENT
    tax_class: str | Absent | None = ABSENT
    vendor: str | Absent = ABSENT
    product_type: str | Absent = ABSENT
    tags: Sequence[str] | Absent = ABSENT
    featured: bool | Absent = ABSENT
    shown_as_new: bool | Absent = ABSENT
    price_on_request: bool | Absent = ABSENT
    announced: bool | Absent = ABSENT
    one_per_order: bool | Absent = ABSENT
    stock_shown: bool | Absent = ABSENT
    position: int | Absent = ABSENT
    published_at: datetime | Absent | None = ABSENT
    seo_title: str | Absent = ABSENT
    seo_description: str | Absent = ABSENT
    seo_keywords: str | Absent = ABSENT
    categories: Sequence[str] | Absent = ABSENT
    category_ids: Sequence[int] | Absent = ABSENT
    collections: Sequence[str] | Absent = ABSENT
    options: Sequence[WantedOption] | Absent = ABSENT
    variants: Sequence[VariantSet] | Absent = ABSENT
    media: Sequence[WantedMedia] | Absent = ABSENT
    create_missing: bool = False
    exhaustive: bool = True
    must_be_new: bool = False


OWN_FIELDS: Final = (
    "slug",
    "title",
    "description_html",
    "excerpt",
    "status",
    "type",
    "vendor",
    "product_type",
    "tags",
    "featured",
    "shown_as_new",
    "price_on_request",
    "announced",
    "one_per_order",
    "stock_shown",
    "position",
    "published_at",
    "seo_title",
    "seo_description",
    "seo_keywords",
)


@dataclass(frozen=True, slots=True)
class SetResult:
    """What became of the row at `index`. `product_id` is None where it failed."""

    index: int
    product_id: int | None = None
    created: bool = False
    changed: bool = False
    problems: Sequence[Problem] = ()
