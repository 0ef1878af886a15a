"""What is kept beside products: attributes, metafields, former slugs and tombstones."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Index,
    Numeric,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from commerce.catalog.kinds import (
    AttributeType,
    DeletedKind,
    MetafieldOwner,
    MetafieldType,
    Sluggable,
)
from commerce.core.columns import (
    choice,
    default_text,
    flag,
    key,
    moment,
    number_of,
    optional_date,
    optional_flag,
    optional_json,
    part_of,
    personal,
    required_text,
    text_key,
    texts,
    whole,
)


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
    boolean_value: bool | None = optional_flag()
    date_value: date | None = optional_date()


class Metafield(SQLModel, table=True):
    """Free data an integration keeps at a thing; `public` ones are shown to the storefront."""

    __tablename__ = "metafields"
    __table_args__ = (
        UniqueConstraint("owner_kind", "owner_id", "namespace", "key"),
        {
            "info": {
                "customer": "owner_id",
                "customer_only": {"owner_kind": MetafieldOwner.CUSTOMER},
                "erased": "deleted",
            }
        },
    )

    id: int = key()
    owner_kind: MetafieldOwner = choice(MetafieldOwner)
    owner_id: int = number_of()
    namespace: str = required_text()
    key: str = required_text()
    type: MetafieldType = choice(MetafieldType, MetafieldType.TEXT)
    value: Any = personal(optional_json(none_as_null=False), "What an integration keeps there.")
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
    slug: str = text_key()
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
