"""How long things are kept, and how rows become what a person can read and take elsewhere."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from typing import Any


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long what is over is kept: carts of guests, invoices for the law, the
    log, jobs, exports.
    """

    cart_days: int = 90
    invoice_years: int = 10
    event_days: int = 30
    job_days: int = 7
    export_hours: int = 24

    def carts_over_by(self, at: datetime) -> datetime:
        """Guests' carts that ended by then have been kept long enough."""
        return at - timedelta(days=self.cart_days)

    def kept_since(self, at: datetime, zone: tzinfo) -> datetime | None:
        """What is younger has to be kept; None when nothing has to be. Years count from the end of
        the one that something was issued in, as tax laws count.
        """
        if not self.invoice_years:
            return None
        return datetime(at.astimezone(zone).year - self.invoice_years, 1, 1, tzinfo=zone)


def exported(value: Any) -> Any:
    """As JSON says it: times in ISO 8601, decimals as exact texts."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Enum):
        return value.value
    return value
