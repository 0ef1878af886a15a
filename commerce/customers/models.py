"""Customers: who they are, where they live, what they agreed to.

Each column that tells something about a person is marked `personal`. A table of what belongs to a
customer names the column that says whose it is in `info["customer"]`.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import CheckConstraint, Index, literal_column, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    flag,
    json_object,
    key,
    moment,
    money,
    optional_date,
    optional_flag,
    optional_text,
    optional_whole,
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
    GroupKind,
    MarketingChannel,
)

# What customers are sorted and found by; indexes have these very expressions.
PLAIN_NAME: Final = "storegraph_plain(storegraph_join(ARRAY[first_name, last_name]))"
PLAIN_EMAIL: Final = "coalesce(lower(email), '')"
PLAIN_WORDS: Final = (
    "storegraph_plain(storegraph_join(ARRAY[first_name, last_name, company, email, phone]))"
)


class CustomerGroup(SQLModel, table=True):
    """Customers who get the same prices and promotions.

    They buy no cart with less than `min_subtotal` in goods, in whatever currency, or fewer than
    `min_quantity` units.
    """

    __tablename__ = "customer_groups"
    __table_args__ = (
        Index("uq_customer_groups_name", text("lower(name)"), unique=True),
        CheckConstraint("min_subtotal > 0", name="min_subtotal"),
        CheckConstraint("min_quantity > 0", name="min_quantity"),
    )

    id: int = key()
    name: str = required_text()
    external_id: str | None = optional_text(unique=True)
    kind: GroupKind | None = choice(GroupKind, nullable=True)
    min_subtotal: Decimal | None = money(nullable=True)
    min_quantity: int | None = optional_whole()
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
        Index("ix_customers_email_md5", text("md5(lower(email))")),
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
        {"info": {"customer": "id", "erased": "blanked"}},
    )

    id: int = key()
    external_id: str | None = personal(
        optional_text(unique=True), "What another system calls the customer."
    )
    email: str | None = personal(
        optional_text(), "E-mail address, to sign in with and to be written to."
    )
    email_verified_at: datetime | None = personal(
        moment(nullable=True), "When the e-mail address was proven."
    )
    password_hash: str | None = optional_text()
    first_name: str = personal(default_text(), "Given name.")
    last_name: str = personal(default_text(), "Family name.")
    phone: str | None = personal(optional_text(), "Phone number.")
    company: str = personal(default_text(), "Company.")
    locale: str | None = personal(optional_text(), "Language and country of mails.")
    date_of_birth: date | None = personal(optional_date(), "Date of birth.")
    gender: str | None = personal(optional_text(), "Gender.")
    group_id: int = refers_to(
        "customer_groups.id", on_delete="RESTRICT", default=GENERAL_GROUP, index=False
    )
    accepts_email: bool | None = personal(optional_flag(), "Whether marketing mails are welcome.")
    accepts_sms: bool | None = personal(
        optional_flag(),
        "Whether marketing text messages are welcome.",
    )
    tax_id: str | None = personal(optional_text(), "Tax number.")
    tax_id_valid: bool | None = personal(
        optional_flag(),
        "Whether the tax number was found valid.",
    )
    fiscal_code: str | None = personal(optional_text(), "Fiscal code.")
    tax_exempt: bool = flag()
    note: str = personal(default_text(), "The shop's note on the customer.")
    tags: list[str] = personal(texts(), "Words the shop sorts its customers by.")
    extra_fields: dict[str, Any] = personal(
        json_object(),
        "Answers to questions the shop has added.",
    )
    blocked_at: datetime | None = moment(nullable=True)
    erased_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class CustomerAddress(SQLModel, table=True):
    """An entry of a customer's address book.

    `country` is the ISO 3166-1 alpha-2 code, `region` the part of an ISO 3166-2 code after the
    dash where the country has such, else free text; `phone` is E.164. `verified_at` is when the
    shop last found it to be right; a change of the place forgets it.
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
        {"info": {"customer": "customer_id", "erased": "deleted"}},
    )

    id: int = key()
    customer_id: int = refers_to("customers.id")
    first_name: str = personal(default_text(), "Given name of whoever lives there.")
    last_name: str = personal(default_text(), "Family name of whoever lives there.")
    company: str = personal(default_text(), "Company at the address.")
    phone: str | None = personal(optional_text(), "Phone number at the address.")
    street1: str = personal(default_text(), "Street and number.")
    street2: str = personal(default_text(), "Whatever else leads there.")
    postal_code: str = personal(default_text(), "Postal code.")
    city: str = personal(default_text(), "City.")
    region: str = personal(default_text(), "State, province or county.")
    country: str = personal(required_text(), "Country.")
    tax_id: str | None = personal(optional_text(), "Tax number of the company at the address.")
    note: str = personal(default_text(), "What is to be known of the address.")
    verified_at: datetime | None = moment(nullable=True)
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
        {"info": {"customer": "customer_id", "erased": "deleted"}},
    )

    id: int = key()
    customer_id: int = refers_to("customers.id")
    kind: ContactKind = choice(ContactKind, ContactKind.OTHER)
    value: str = personal(required_text(), "The number, address or link.")
    handle: str = personal(default_text(), "What it is called there.")
    note: str = personal(default_text(), "The shop's note on it.")
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
        {"info": {"customer": "customer_id", "erased": "deleted"}},
    )

    id: int = key()
    customer_id: int = refers_to("customers.id", index=False)
    channel: MarketingChannel = choice(MarketingChannel, MarketingChannel.EMAIL)
    granted: bool = flag()
    source: str = personal(default_text(), "Where consent was given or taken back.")
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
