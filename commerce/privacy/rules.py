"""From rows to what a person can read and take elsewhere."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any


def exported(value: Any) -> Any:
    """As JSON says it: times in ISO 8601, decimals as exact texts."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Enum):
        return value.value
    return value
