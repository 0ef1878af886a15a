"""Brands, the category tree and collections: what products are found under."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Index,
    text,
)
from sqlmodel import SQLModel

from commerce.core.columns import (
    default_text,
    flag,
    key,
    moment,
    optional_text,
    part_of,
    refers_to,
    required_text,
    version,
    whole,
)


class Brand(SQLModel, table=True):
    __tablename__ = "brands"

    id: int = key()
    slug: str = required_text(unique=True)
    name: str = required_text()
    description_html: str = default_text()
    logo_url: str | None = optional_text()
    seo_title: str = default_text()
    seo_description: str = default_text()
    seo_keywords: str = default_text()
    active: bool = flag(True)
    position: int = whole()
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


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
    seo_keywords: str = default_text()
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
    seo_keywords: str = default_text()
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
