"""The kinds of things staff have."""

from enum import Enum


class StaffState(Enum):
    """Where a member stands. Only active ones can sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class BuiltInRole(Enum):
    """The roles every store has. The owner's is fixed, the others can be edited."""

    OWNER = "owner"
    MANAGER = "manager"
    SUPPORT = "support"
    READ_ONLY = "read_only"
