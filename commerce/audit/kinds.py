"""What happens to things."""

from enum import Enum


class AuditOperation(Enum):
    """`NOTED` entries speak of an event that changed no audited row, such as signing in."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    NOTED = "noted"
