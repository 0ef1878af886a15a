"""Switches, templates, and the log of what was sent."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from commerce.notifications.rules.logs import LogFilter
from commerce.notifications.rules.topics import BY_WAY
from commerce.notifications.service.templates import example
from resolvers.filters import optional
from resolvers.nodes import key_of, node_id
from resolvers.notifications.kinds import (
    NotificationAudience,
    NotificationChannel,
    NotificationKind,
    NotificationState,
)
from resolvers.permissions import requires
from resolvers.rows import FromRow

READ = Scope.READ_SETTINGS
NO_ORDER = -1  # what an id stands for that is none


@strawberry.type(description="Whether something is told, how and to whom.")
class NotificationSetting:
    kind: NotificationKind = requires(READ, description="What is told.")
    channel: NotificationChannel = requires(READ, description="How.")
    audience: NotificationAudience = requires(READ, description="To whom.")
    enabled: bool = requires(READ, description="Whether it is.")
    emails: list[str] = requires(
        READ,
        description="Addresses for what staff is told. With none of these and no staff members, "
        "`notificationEmails` of the shop are written to.",
    )
    staff_member_ids: list[strawberry.ID] = requires(
        READ, description="Staff members who are told; those who cannot sign in are left out."
    )
    variables: list[str] = requires(
        READ, description="What a template of it may use, beside `store.name` and `link(…)`."
    )
    version: int = requires(READ, description="Counts its changes.")

    @classmethod
    def of(cls, setting: Any) -> "NotificationSetting":
        return cls(
            **setting.way._asdict(),
            enabled=setting.enabled,
            emails=list(setting.emails),
            staff_member_ids=[node_id("StaffMember", id_) for id_ in setting.staff_ids],
            variables=sorted(example(BY_WAY[setting.way])),
            version=setting.version,
        )


@strawberry.type(description="The store's own words for a notification in one language.")
class NotificationTemplate(FromRow):
    kind: NotificationKind = requires(READ, description="What is told.")
    channel: NotificationChannel = requires(READ, description="How.")
    audience: NotificationAudience = requires(READ, description="To whom.")
    language: str = requires(READ, description="In which language: `de`, `de-AT`.")
    subject: str = requires(READ, description="A Jinja template of the subject; of SMS empty.")
    body: str = requires(READ, description="A Jinja template: HTML or, of SMS, text.")
    version: int = requires(READ, description="Counts its changes.")
    updated_at: datetime = requires(READ, description="When it was last changed.")


@strawberry.type(description="An example of what is sent.")
class NotificationPreview:
    subject: str = requires(READ, description="The subject; of SMS empty.")
    text: str = requires(READ, description="What a reader without HTML sees, or the SMS.")
    html: str = requires(READ, description="The mail as HTML; of SMS empty.")
    language: str = requires(READ, description="The language it is written in.")

    @classmethod
    def of(cls, mail: Any) -> "NotificationPreview":
        return cls(subject=mail.subject, text=mail.text, html=mail.html, language=mail.language)


@strawberry.type(description="A message that was sent or tried.")
class NotificationLogEntry:
    database_id: int = requires(READ, description="Its number.")
    kind: NotificationKind = requires(READ, description="What it told.")
    channel: NotificationChannel = requires(READ, description="How.")
    audience: NotificationAudience = requires(READ, description="To whom.")
    recipient: str = requires(
        READ, description="Where it went, shortened: `a…@example.com`. More is not kept."
    )
    order_id: strawberry.ID | None = requires(READ, description="The order it is about.")
    cart_id: strawberry.ID | None = requires(READ, description="The cart it is about.")
    state: NotificationState = requires(READ, description="What became of it.")
    reason: str | None = requires(
        READ, description="A word for why it was not taken: `smtp_550`; null when it was."
    )
    tries: int = requires(READ, description="How often it was tried.")
    created_at: datetime = requires(READ, description="When it was queued.")
    tried_at: datetime = requires(READ, description="When it was last tried.")
    sent_at: datetime | None = requires(READ, description="When it was taken; null until then.")

    @classmethod
    def of(cls, row: Any) -> "NotificationLogEntry":
        return cls(
            database_id=row.id,
            kind=row.kind,
            channel=row.channel,
            audience=row.audience,
            recipient=row.recipient,
            order_id=None if row.order_id is None else node_id("Order", row.order_id),
            cart_id=None if row.cart_id is None else node_id("Cart", row.cart_id),
            state=row.state,
            reason=row.reason or None,
            tries=row.tries,
            created_at=row.created_at,
            tried_at=row.tried_at,
            sent_at=row.sent_at,
        )


@strawberry.input(description="Which messages; conditions hold together.")
class NotificationLogWhere:
    kind: NotificationKind | None = optional("That told this.")
    channel: NotificationChannel | None = optional("That went this way.")
    audience: NotificationAudience | None = optional("To these.")
    state: NotificationState | None = optional("That this became of.")
    order_id: strawberry.ID | None = optional("About this order.")

    def wanted(self) -> LogFilter:
        order_id = None if self.order_id is None else key_of(self.order_id, "Order") or NO_ORDER
        return LogFilter(self.kind, self.channel, self.audience, self.state, order_id)
