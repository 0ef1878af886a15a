"""Products, their options, variants and media."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from commerce.catalog.kinds import (
    BackorderPolicy,
    MediaKind,
    ProductStatus,
    ProductType,
)
from commerce.core.columns import (
    choice,
    default_text,
    flag,
    key,
    moment,
    number_of,
    optional_text,
    optional_whole,
    part_of,
    refers_to,
    required_text,
    texts,
    version,
    whole,
)

# `storegraph_words` and `storegraph_plain` are immutable wrappers made by the first migration.
# Only the start of a description is searched: a document of more than a megabyte is an error.
SEARCH_DOCUMENT = (
    "setweight(storegraph_words(title), 'A')"
    " || setweight(storegraph_words("
    "brand_name || ' ' || vendor || ' ' || product_type || ' ' || storegraph_join(tags)), 'B')"
    " || setweight(storegraph_words(left(description_text, 50000)), 'C')"
)
PLAIN_TITLE = "storegraph_plain(title)"
PLAIN_WORDS = "storegraph_plain(title || ' ' || brand_name || ' ' || vendor)"


def _derived(expression: str, kind: Any) -> Any:
    """A column the database computes from the others of its row."""
    computed = Computed(expression, persisted=True)
    return Field(default=None, sa_type=kind, nullable=True, sa_column_args=(computed,))


class Product(SQLModel, table=True):
    """`description_html` is sanitised on write; `description_text` is the same without markup.

    Triggers keep `brand_name` what an active brand is called, so that search finds it. The last
    three columns are derived: `plain_title` is what lists sort by, without case and accents.
    """

    __tablename__ = "products"
    __table_args__ = (
        Index("ix_products_search", "search", postgresql_using="gin"),
        Index(
            "ix_products_plain_words_trigrams",
            "plain_words",
            postgresql_using="gin",
            postgresql_ops={"plain_words": "gin_trgm_ops"},
        ),
        Index("ix_products_tags", "tags", postgresql_using="gin"),
        Index("ix_products_brand_id_created_at_id", "brand_id", "created_at", "id"),
        Index("ix_products_status_created_at_id", "status", "created_at", "id"),
        Index("ix_products_status_position_id", "status", "position", "id"),
        Index("ix_products_status_plain_title_id", "status", "plain_title", "id"),
        Index("ix_products_status_updated_at_id", "status", "updated_at", "id"),
        Index(
            "ix_products_status_published_at_id",
            "status",
            text("coalesce(published_at, '-infinity'::timestamptz)"),
            "id",
        ),
        Index("ix_products_created_at_id", "created_at", "id"),
        Index("ix_products_vendor", "vendor"),
        Index("ix_products_product_type", "product_type"),
        Index("ix_products_updated_at_id", "updated_at", "id"),
    )

    id: int = key()
    slug: str = required_text(unique=True)
    title: str = required_text()
    description_html: str = default_text()
    description_text: str = default_text()
    excerpt: str = default_text()
    status: ProductStatus = choice(ProductStatus, ProductStatus.DRAFT)
    type: ProductType = choice(ProductType, ProductType.PHYSICAL)
    brand_id: int | None = refers_to("brands.id", on_delete="SET NULL", nullable=True, index=False)
    brand_name: str = default_text()
    tax_class_id: int | None = refers_to("tax_classes.id", on_delete="SET NULL", nullable=True)
    vendor: str = default_text()
    product_type: str = default_text()
    tags: list[str] = texts()
    featured: bool = flag()
    shown_as_new: bool = flag()
    price_on_request: bool = flag()
    announced: bool = flag()
    one_per_order: bool = flag()
    stock_shown: bool = flag(True)
    position: int = whole()
    seo_title: str = default_text()
    seo_description: str = default_text()
    seo_keywords: str = default_text()
    published_at: datetime | None = moment(nullable=True)
    archived_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()
    plain_title: str | None = _derived(PLAIN_TITLE, Text(collation="C"))
    plain_words: str | None = _derived(PLAIN_WORDS, Text)
    search: Any = _derived(SEARCH_DOCUMENT, TSVECTOR)


class OptionGroup(SQLModel, table=True):
    """`Size`, of one product."""

    __tablename__ = "option_groups"
    # Looked at when a statement ends: one that renames several may exchange names.
    __table_args__ = (
        UniqueConstraint("product_id", "name", deferrable=True, initially="IMMEDIATE"),
        Index("ix_option_groups_lower_name", text("lower(name)")),
    )

    id: int = key()
    product_id: int = refers_to("products.id", index=False)
    name: str = required_text()
    position: int = whole()


class OptionValue(SQLModel, table=True):
    """`Small`, of one option group."""

    __tablename__ = "option_values"
    __table_args__ = (
        UniqueConstraint("group_id", "name", deferrable=True, initially="IMMEDIATE"),
        UniqueConstraint("group_id", "id"),
        Index("ix_option_values_lower_name", text("lower(name)")),
    )

    id: int = key()
    group_id: int = refers_to("option_groups.id", index=False)
    name: str = required_text()
    position: int = whole()


class Media(SQLModel, table=True):
    """A picture or film of a product; `url` points at it, the bytes are elsewhere."""

    __tablename__ = "media"
    __table_args__ = (Index("ix_media_product_id_position_id", "product_id", "position", "id"),)

    id: int = key()
    product_id: int = refers_to("products.id", index=False)
    kind: MediaKind = choice(MediaKind, MediaKind.IMAGE)
    url: str = required_text()
    alt: str = default_text()
    position: int = whole()
    created_at: datetime = moment()


class Variant(SQLModel, table=True):
    """What is sold. `option_key` names its combination of option values: ids, sorted, `1-7`."""

    __tablename__ = "variants"
    __table_args__ = (
        Index("ix_variants_product_id_position_id", "product_id", "position", "id"),
        Index("uq_variants_sku", "sku", unique=True, postgresql_where=text("archived_at IS NULL")),
        Index(
            "uq_variants_product_id_option_key",
            "product_id",
            "option_key",
            unique=True,
            postgresql_where=text("archived_at IS NULL"),
        ),
        Index("ix_variants_barcode", "barcode"),
        Index("ix_variants_lower_sku", text("lower(sku)")),
        Index("ix_variants_created_at_id", "created_at", "id"),
        Index("ix_variants_updated_at_id", "updated_at", "id"),
        CheckConstraint("weight_grams >= 0", name="weight_not_negative"),
    )

    id: int = key()
    product_id: int = refers_to("products.id", index=False)
    sku: str | None = optional_text()
    barcode: str | None = optional_text()
    title: str = default_text()
    option_key: str = default_text()
    position: int = whole()
    weight_grams: int = whole()
    weight_unit: str = default_text("kg")
    length_mm: int | None = optional_whole()
    width_mm: int | None = optional_whole()
    height_mm: int | None = optional_whole()
    backorder: BackorderPolicy = choice(BackorderPolicy, BackorderPolicy.DENY)
    track_stock: bool = flag(True)
    requires_shipping: bool = flag(True)
    taxable: bool = flag(True)
    tax_code: str = default_text()
    origin_country: str | None = optional_text()
    customs_code: str | None = optional_text()
    active: bool = flag(True)
    media_id: int | None = refers_to("media.id", on_delete="SET NULL", nullable=True)
    archived_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class VariantOption(SQLModel, table=True):
    """The value a variant has in one option group."""

    __tablename__ = "variant_options"
    __table_args__ = (
        ForeignKeyConstraint(
            ["group_id", "value_id"],
            ["option_values.group_id", "option_values.id"],
            ondelete="CASCADE",
            name="fk_variant_options_group_id_value_id",
        ),
        Index("ix_variant_options_value_id", "value_id"),
    )

    variant_id: int = part_of("variants.id")
    group_id: int = number_of(primary_key=True)
    value_id: int = number_of()
