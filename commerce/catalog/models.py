"""Products and what describes them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Date,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlmodel import Field, SQLModel

from commerce.catalog.kinds import (
    AttributeType,
    BackorderPolicy,
    DeletedKind,
    MediaKind,
    MetafieldOwner,
    MetafieldType,
    ProductStatus,
    ProductType,
    Sluggable,
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


class Brand(SQLModel, table=True):
    __tablename__ = "brands"

    id: int = key()
    slug: str = required_text(unique=True)
    name: str = required_text()
    description_html: str = default_text()
    logo_url: str | None = optional_text()
    seo_title: str = default_text()
    seo_description: str = default_text()
    active: bool = flag(True)
    position: int = whole()
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


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
            text("published_at DESC NULLS LAST"),
            text("id DESC"),
        ),
        Index("ix_products_created_at_id", "created_at", "id"),
        Index("ix_products_updated_at_id", "updated_at", "id"),
    )

    id: int = key()
    slug: str = required_text(unique=True)
    title: str = required_text()
    description_html: str = default_text()
    description_text: str = default_text()
    status: ProductStatus = choice(ProductStatus, ProductStatus.DRAFT)
    type: ProductType = choice(ProductType, ProductType.PHYSICAL)
    brand_id: int | None = refers_to("brands.id", on_delete="SET NULL", nullable=True, index=False)
    brand_name: str = default_text()
    vendor: str = default_text()
    product_type: str = default_text()
    tags: list[str] = texts()
    featured: bool = flag()
    shown_as_new: bool = flag()
    price_on_request: bool = flag()
    position: int = whole()
    seo_title: str = default_text()
    seo_description: str = default_text()
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
    __table_args__ = (UniqueConstraint("product_id", "name"),)

    id: int = key()
    product_id: int = refers_to("products.id", index=False)
    name: str = required_text()
    position: int = whole()


class OptionValue(SQLModel, table=True):
    """`Small`, of one option group."""

    __tablename__ = "option_values"
    __table_args__ = (UniqueConstraint("group_id", "name"), UniqueConstraint("group_id", "id"))

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


class Category(SQLModel, table=True):
    """A node of the category tree; siblings stand in the order of `position`, then id.

    An archived one leaves its slug to others.
    """

    __tablename__ = "categories"
    __table_args__ = (
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        Index(
            "uq_categories_slug", "slug", unique=True, postgresql_where=text("archived_at IS NULL")
        ),
        Index("ix_categories_parent_id_position_id", "parent_id", "position", "id"),
    )

    id: int = key()
    parent_id: int | None = refers_to(
        "categories.id", on_delete="RESTRICT", nullable=True, index=False
    )
    slug: str = required_text()
    title: str = required_text()
    description_html: str = default_text()
    image_url: str | None = optional_text()
    seo_title: str = default_text()
    seo_description: str = default_text()
    position: int = whole()
    active: bool = flag(True)
    archived_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class ProductCategory(SQLModel, table=True):
    """A product's place in a category."""

    __tablename__ = "product_categories"
    __table_args__ = (
        Index(
            "ix_product_categories_category_id_position", "category_id", "position", "product_id"
        ),
    )

    product_id: int = part_of("products.id")
    category_id: int = part_of("categories.id")
    position: int = whole()


class Collection(SQLModel, table=True):
    """A set of products chosen by hand."""

    __tablename__ = "collections"

    id: int = key()
    slug: str = required_text(unique=True)
    title: str = required_text()
    description_html: str = default_text()
    image_url: str | None = optional_text()
    seo_title: str = default_text()
    seo_description: str = default_text()
    position: int = whole()
    active: bool = flag(True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class CollectionProduct(SQLModel, table=True):
    """A product's place in a collection."""

    __tablename__ = "collection_products"
    __table_args__ = (
        Index(
            "ix_collection_products_collection_id_position",
            "collection_id",
            "position",
            "product_id",
        ),
        Index("ix_collection_products_product_id", "product_id"),
    )

    collection_id: int = part_of("collections.id")
    product_id: int = part_of("products.id")
    position: int = whole()


class Attribute(SQLModel, table=True):
    """A typed property products can have: `material`, one of `choices`."""

    __tablename__ = "attributes"

    id: int = key()
    code: str = required_text(unique=True)
    label: str = required_text()
    type: AttributeType = choice(AttributeType, AttributeType.TEXT)
    unit: str = default_text()
    choices: list[str] = texts()
    filterable: bool = flag()
    position: int = whole()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class AttributeValue(SQLModel, table=True):
    """A product's value; the attribute's type says which column holds it.

    `CHOICES` takes a row each, in the order of `position`. `text_value` is always filled, as the
    words a person reads and facets count.
    """

    __tablename__ = "attribute_values"
    __table_args__ = (
        Index("ix_attribute_values_attribute_id_text_value", "attribute_id", "text_value"),
        Index("ix_attribute_values_attribute_id_number_value", "attribute_id", "number_value"),
    )

    product_id: int = part_of("products.id")
    attribute_id: int = part_of("attributes.id")
    position: int = Field(default=0, primary_key=True)
    text_value: str = required_text()
    number_value: Decimal | None = Field(default=None, sa_type=Numeric, nullable=True)
    boolean_value: bool | None = Field(default=None, nullable=True)
    date_value: date | None = Field(default=None, sa_type=Date, nullable=True)


class Metafield(SQLModel, table=True):
    """Free data an integration keeps at a thing; `public` ones are shown to the storefront."""

    __tablename__ = "metafields"
    __table_args__ = (UniqueConstraint("owner_kind", "owner_id", "namespace", "key"),)

    id: int = key()
    owner_kind: MetafieldOwner = choice(MetafieldOwner)
    owner_id: int = number_of()
    namespace: str = required_text()
    key: str = required_text()
    type: MetafieldType = choice(MetafieldType, MetafieldType.TEXT)
    value: Any = Field(default=None, sa_type=JSONB, nullable=True)
    public: bool = flag()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class SlugRedirect(SQLModel, table=True):
    """A slug that something had before, so that old links still find it."""

    __tablename__ = "slug_redirects"
    __table_args__ = (Index("ix_slug_redirects_kind_target_id", "kind", "target_id"),)

    kind: Sluggable = Field(
        sa_type=choice(Sluggable).sa_type,
        primary_key=True,  # the enum's column, as a part of the key
    )
    slug: str = Field(primary_key=True, sa_type=Text)
    target_id: int = number_of()
    created_at: datetime = moment()


class Tombstone(SQLModel, table=True):
    """Something was archived or deleted; sync clients read these by time, then id.

    A trigger dates them at commit, so that their order is the order in which they appear.
    """

    __tablename__ = "tombstones"
    __table_args__ = (
        Index("ix_tombstones_occurred_at_id", "occurred_at", "id"),
        Index("ix_tombstones_kind_resource_id", "kind", "resource_id"),
    )

    id: int = key()
    kind: DeletedKind = choice(DeletedKind)
    resource_id: int = number_of()
    occurred_at: datetime = moment()
