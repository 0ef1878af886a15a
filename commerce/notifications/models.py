"""Messages on their way out, which of them are wanted, what they say, and what was sent."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    flag,
    key,
    moment,
    number_of,
    numbers_of,
    optional_bytes,
    optional_number_of,
    optional_text,
    personal,
    required_text,
    texts,
    version,
    whole,
)
from commerce.notifications.kinds import (
    NotificationAudience,
    NotificationChannel,
    NotificationKind,
    NotificationState,
)


class OutgoingMessage(SQLModel, table=True):
    """A message until it is sent; then the row is deleted.

    `data` is encrypted: it may hold addresses. A message that could not be sent stays as a dead
    one, without data and without its customer, to be counted and looked into. `due_at` is also
    the lease: whoever takes a message moves it on, and nobody else sees it before that time.
    `event_key` names what it follows from and who gets it: it is queued once.
    """

    __tablename__ = "outgoing_messages"
    __table_args__ = (
        CheckConstraint("(died_at IS NULL) = (data IS NOT NULL)", name="dead_without_data"),
        CheckConstraint("died_at IS NULL OR customer_id IS NULL", name="dead_is_nobodys"),
        Index("ix_outgoing_messages_due_at", "due_at", postgresql_where=text("died_at IS NULL")),
        Index(
            "ix_outgoing_messages_customer_id",
            "customer_id",
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index(
            "uq_outgoing_messages_event_key",
            "event_key",
            unique=True,
            postgresql_where=text("event_key IS NOT NULL"),
        ),
        {"info": {"customer": "customer_id", "erased": "deleted"}},
    )

    id: int = key()
    kind: str = required_text()
    event_key: str | None = optional_text()
    data: bytes | None = personal(optional_bytes(), "What a message is written from.")
    customer_id: int | None = optional_number_of()
    tries: int = whole()
    due_at: datetime = moment()
    error: str = default_text()
    died_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


class NotificationSetting(SQLModel, table=True):
    """A switch that somebody has moved. Staff's: `emails` and `staff_ids` are written to, and
    when there are none, the addresses in the store's settings.
    """

    __tablename__ = "notification_settings"
    __table_args__ = (UniqueConstraint("kind", "channel", "audience"),)

    id: int = key()
    kind: NotificationKind = choice(NotificationKind)
    channel: NotificationChannel = choice(NotificationChannel)
    audience: NotificationAudience = choice(NotificationAudience)
    enabled: bool = flag(True)
    emails: list[str] = texts()
    staff_ids: list[int] = numbers_of()
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class NotificationTemplate(SQLModel, table=True):
    """The store's own words in one language: a subject, and HTML or, of an SMS, text."""

    __tablename__ = "notification_templates"
    __table_args__ = (UniqueConstraint("kind", "channel", "audience", "language"),)

    id: int = key()
    kind: NotificationKind = choice(NotificationKind)
    channel: NotificationChannel = choice(NotificationChannel)
    audience: NotificationAudience = choice(NotificationAudience)
    language: str = required_text()
    subject: str = default_text()
    body: str = required_text()
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class NotificationLogEntry(SQLModel, table=True):
    """A message that was sent or tried. `message_id` is the one it had in the queue, `created_at`
    when it was put there. Of the recipient it keeps what is enough to tell one's own.
    """

    __tablename__ = "notification_log"
    __table_args__ = (
        Index("ix_notification_log_created_at_id", "created_at", "id"),
        Index(
            "ix_notification_log_order_id",
            "order_id",
            postgresql_where=text("order_id IS NOT NULL"),
        ),
        Index(
            "ix_notification_log_customer_id",
            "customer_id",
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index(
            "ix_notification_log_event_key",
            "event_key",
            postgresql_where=text("event_key IS NOT NULL"),
        ),
        {"info": {"customer": "customer_id", "erased": "deleted"}},
    )

    id: int = key()
    message_id: int = number_of(unique=True)
    event_key: str | None = optional_text()
    kind: NotificationKind = choice(NotificationKind)
    channel: NotificationChannel = choice(NotificationChannel)
    audience: NotificationAudience = choice(NotificationAudience)
    recipient: str = personal(default_text(), "Whom it went to, shortened.")
    order_id: int | None = optional_number_of()
    cart_id: int | None = optional_number_of()
    customer_id: int | None = optional_number_of()
    state: NotificationState = choice(NotificationState)
    reason: str = default_text()
    tries: int = whole()
    created_at: datetime = moment()
    tried_at: datetime = moment()
    sent_at: datetime | None = moment(nullable=True)
