"""What of the log is asked for."""

from dataclasses import dataclass

from commerce.notifications.kinds import (
    NotificationAudience,
    NotificationChannel,
    NotificationKind,
    NotificationState,
)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """None is whatever it is."""

    kind: NotificationKind | None = None
    channel: NotificationChannel | None = None
    audience: NotificationAudience | None = None
    state: NotificationState | None = None
    order_id: int | None = None
