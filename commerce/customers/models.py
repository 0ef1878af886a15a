"""Customers: who they are, where they live, what they agreed to.

Each column that tells something about a person is marked `personal`. A table of what belongs to a
customer names the column that says whose it is in `info["customer"]`.
"""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Boolean, CheckConstraint, Date, Index, literal_column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    flag,
    key,
    moment,
    optional_text,
    personal,
    refers_to,
    required_text,
    texts,
    version,
    whole,
)
from commerce.customers.kinds import (
    GENERAL_GROUP,
    ContactKind,
    ExtraFieldKind,
    MarketingChannel,
)

# What customers are sorted and found by; indexes have these very expressions.
PLAIN_NAME: Final = "storegraph_plain(storegraph_join(ARRAY[first_name, last_name]))"
PLAIN_EMAIL: Final = "coalesce(lower(email), '')"
PLAIN_WORDS: Final = (
    "storegraph_plain(storegraph_join(ARRAY[first_name, last_name, company, email, phone]))"
)


class CustomerGroup(SQLModel, table=True):
    """Customers who get the same prices and promotions."""

    __tablename__ = "customer_groups"
    __table_args__ = (Index("uq_customer_groups_name", text("lower(name)"), unique=True),)

    id: int = key()
    name: str = required_text()
    external_id: str | None = optional_text(unique=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class Customer(SQLModel, table=True):
    """A person or company that buys.

    Without `password_hash` it cannot sign in: the shop's people added it. An erased customer
    keeps its row, so that orders keep theirs, and nothing else.
    """

    __tablename__ = "customers"
    __table_args__ = (
        Index("uq_customers_email", text("lower(email)"), unique=True),
        Index("ix_customers_created_at_id", "created_at", "id"),
        Index("ix_customers_updated_at_id", "updated_at", "id"),
        Index("ix_customers_name_id", text(PLAIN_NAME), "id"),
        Index("ix_customers_email_id", text(PLAIN_EMAIL), "id"),
        Index("ix_customers_group_id_created_at_id", "group_id", "created_at", "id"),
        Index("ix_customers_tags", "tags", postgresql_using="gin"),
        Index(
            "ix_customers_words",
            literal_column(PLAIN_WORDS).label("words"),
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        ),
        CheckConstraint("erased_at IS NOT NULL OR email IS NOT NULL", name="has_email"),
        {"info": {"customer": "id"}},
    )

    id: int = key()
    external_id: str | None = personal(optional_text(unique=True))
    email: str | None = personal(optional_text())
    email_verified_at: datetime | None = moment(nullable=True)
    password_hash: str | None = optional_text()
    first_name: str = personal(default_text())
    last_name: str = personal(default_text())
    phone: str | None = personal(optional_text())
    company: str = personal(default_text())
    locale: str | None = personal(optional_text())
    date_of_birth: date | None = personal(Field(default=None, sa_type=Date, nullable=True))
    gender: str | None = personal(optional_text())
    group_id: int = refers_to(
        "customer_groups.id", on_delete="RESTRICT", default=GENERAL_GROUP, index=False
    )
    accepts_email: bool | None = Field(default=None, sa_type=Boolean, nullable=True)
    accepts_sms: bool | None = Field(default=None, sa_type=Boolean, nullable=True)
    tax_id: str | None = personal(optional_text())
    tax_id_valid: bool | None = Field(default=None, sa_type=Boolean, nullable=True)
    fiscal_code: str | None = personal(optional_text())
    tax_exempt: bool = flag()
    note: str = personal(default_text())
    tags: list[str] = personal(texts())
    extra_fields: dict[str, Any] = personal(
        Field(
            default_factory=dict,
            sa_type=JSONB,
            nullable=False,
            sa_column_kwargs={"server_default": text("'{}'")},
        )
    )
    blocked_at: datetime | None = moment(nullable=True)
    erased_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class CustomerAddress(SQLModel, table=True):
    """An entry of a customer's address book.

    `country` is the ISO 3166-1 alpha-2 code, `region` the part of an ISO 3166-2 code after the
    dash where the country has such, else free text; `phone` is E.164.
    """

    __tablename__ = "customer_addresses"
    __table_args__ = (
        Index(
            "uq_customer_addresses_default_billing",
            "customer_id",
            unique=True,
            postgresql_where=text("is_default_billing"),
        ),
        Index(
            "uq_customer_addresses_default_shipping",
            "customer_id",
            unique=True,
            postgresql_where=text("is_default_shipping"),
        ),
        Index("ix_customer_addresses_country_customer_id", "country", "customer_id"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_code"),
        {"info": {"customer": "customer_id"}},
    )

    id: int = key()
    customer_id: int = refers_to("customers.id")
    first_name: str = personal(default_text())
    last_name: str = personal(default_text())
    company: str = personal(default_text())
    phone: str | None = personal(optional_text())
    street1: str = personal(default_text())
    street2: str = personal(default_text())
    postal_code: str = personal(default_text())
    city: str = personal(default_text())
    region: str = personal(default_text())
    country: str = personal(required_text())
    is_default_billing: bool = flag()
    is_default_shipping: bool = flag()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class CustomerContact(SQLModel, table=True):
    """Another way to reach a customer; `handle` is what others call it there."""

    __tablename__ = "customer_contacts"
    __table_args__ = (
        Index(
            "uq_customer_contacts_default",
            "customer_id",
            "kind",
            unique=True,
            postgresql_where=text("is_default"),
        ),
        {"info": {"customer": "customer_id"}},
    )

    id: int = key()
    customer_id: int = refers_to("customers.id")
    kind: ContactKind = choice(ContactKind, ContactKind.OTHER)
    value: str = personal(required_text())
    handle: str = personal(default_text())
    note: str = personal(default_text())
    position: int = whole()
    is_default: bool = flag()
    created_at: datetime = moment()


class MarketingConsent(SQLModel, table=True):
    """One yes or no to being written to. Rows are only ever added; the last one of a channel
    counts, and `source` says where it was given.
    """

    __tablename__ = "marketing_consents"
    __table_args__ = (
        Index("ix_marketing_consents_customer_id_id", "customer_id", "id"),
        {"info": {"customer": "customer_id"}},
    )

    id: int = key()
    customer_id: int = refers_to("customers.id", index=False)
    channel: MarketingChannel = choice(MarketingChannel, MarketingChannel.EMAIL)
    granted: bool = flag()
    source: str = personal(default_text())
    created_at: datetime = moment()


class CustomerExtraField(SQLModel, table=True):
    """A field that the store has added to its customers; values are in `customers.extra_fields`."""

    __tablename__ = "customer_extra_fields"

    id: int = key()
    key: str = required_text(unique=True)
    title: str = required_text()
    kind: ExtraFieldKind = choice(ExtraFieldKind, ExtraFieldKind.TEXT)
    required: bool = flag()
    storefront: bool = flag()
    shown_on_orders: bool = flag()
    position: int = whole()
    created_at: datetime = moment()
    updated_at: datetime = moment()
