"""Who signs in where, and what a link in a mail is good for."""

from dataclasses import dataclass
from enum import Enum


class Audience(Enum):
    """Where somebody signs in. What is issued for one audience is worth nothing to the other."""

    STOREFRONT = "storefront"
    STAFF = "staff"


class Purpose(Enum):
    """The one thing a purpose token allows."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105  # a purpose, no password
    CHANGE_EMAIL = "change_email"
    ACCEPT_INVITATION = "accept_invitation"


@dataclass(frozen=True, slots=True)
class Holder:
    """A customer or a staff member, by audience."""

    audience: Audience
    id: int
