"""Endpoints, and what is delivered to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    Field,
    choice,
    default_text,
    flag,
    key,
    moment,
    number_of,
    optional_bytes,
    optional_number_of,
    optional_whole,
    part_of,
    personal,
    refers_to,
    required_bytes,
    required_text,
    texts,
    version,
    whole,
)
from commerce.webhooks.kinds import DeliveryState, DisabledReason, WebhookFormat

PENDING = text("state = 'pending'")


class WebhookEndpoint(SQLModel, table=True):
    """An address that is told of `events`, of all when that is empty.

    Secrets are encrypted. The `previous_secret` signs beside the other one until then.
    `failing_since` is when messages began to fail, with none delivered since.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint("NOT active OR disabled_reason IS NULL", name="active_for_no_reason"),
        CheckConstraint(
            "(previous_secret IS NULL) = (previous_until IS NULL)", name="previous_until"
        ),
        # As its documents have it: an address is told of a thing once.
        Index(
            "uq_webhook_endpoints_shopkit",
            "url",
            "events",
            unique=True,
            postgresql_where=text("format = 'shopkit'"),
        ),
    )

    id: int = key()
    url: str = required_text()
    events: list[str] = texts()
    format: WebhookFormat = choice(WebhookFormat, WebhookFormat.STANDARD)
    description: str = default_text()
    active: bool = flag(True)
    disabled_reason: DisabledReason | None = choice(DisabledReason, nullable=True)
    disabled_at: datetime | None = moment(nullable=True)
    failing_since: datetime | None = moment(nullable=True)
    secret: bytes = required_bytes()
    previous_secret: bytes | None = optional_bytes()
    previous_until: datetime | None = moment(nullable=True)
    rotated_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class WebhookDelivery(SQLModel, table=True):
    """An event on its way to one endpoint. Those of one thing go one after the other.

    `sequence` orders those of one thing; `position` is the event's in the log, none for tests.
    `body` is what is sent, encrypted, made with the first try and the same for all.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        CheckConstraint("(state = 'pending') = (ended_at IS NULL)", name="ended_at"),
        Index("ix_webhook_deliveries_endpoint_id_id", "endpoint_id", "id"),
        Index("ix_webhook_deliveries_created_at", "created_at"),
        Index("ix_webhook_deliveries_dead", "id", postgresql_where=text("state = 'dead'")),
        Index("ix_webhook_deliveries_due", "endpoint_id", "due_at", "id", postgresql_where=PENDING),
        Index(
            "ix_webhook_deliveries_in_order",
            "endpoint_id",
            "resource_type",
            "resource_id",
            "sequence",
            postgresql_where=PENDING,
        ),
    )

    id: int = key()
    endpoint_id: int = refers_to("webhook_endpoints.id", index=False)
    event_id: UUID = Field(sa_type=Uuid, nullable=False)
    position: int | None = optional_number_of()
    event_type: str = required_text()
    resource_type: str = required_text()
    resource_id: int = number_of()
    sequence: int = number_of()
    state: DeliveryState = choice(DeliveryState, DeliveryState.PENDING)
    due_at: datetime = moment()
    tries: int = whole()
    first_tried_at: datetime | None = moment(nullable=True)
    body: bytes | None = personal(optional_bytes(), "What is being told of an order or a customer.")
    last_status: int | None = optional_whole()
    ended_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


class WebhookSender(SQLModel, table=True):
    """The process, under a `name` of its own, that sends to an endpoint until then."""

    __tablename__ = "webhook_senders"

    endpoint_id: int = part_of("webhook_endpoints.id")
    name: UUID = Field(sa_type=Uuid, nullable=False)
    until: datetime = moment()


class WebhookAttempt(SQLModel, table=True):
    """One try and what came of it. Without an answer `error` is a word for why."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (Index("ix_webhook_attempts_delivery_id_id", "delivery_id", "id"),)

    id: int = key()
    delivery_id: int = refers_to("webhook_deliveries.id", index=False)
    status: int | None = optional_whole()
    milliseconds: int = whole()
    error: str = default_text()
    answer: str = default_text()
    attempted_at: datetime = moment()
