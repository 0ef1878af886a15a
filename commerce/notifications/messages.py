"""What is to be sent: mails by template, short messages by text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Mail:
    """A template filled for one recipient, in their language (`de-AT`; unknown ones in English)."""

    template: str
    to: str
    locale: str = "en"
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sms:
    """`to` is a phone number in E.164 form: `+491701234567`."""

    to: str
    text: str


_LINK: Final = {"token": "example-token", "valid_for": timedelta(hours=24)}

# Every mail, with an example of all that its template may use. `valid_for` is a timedelta.
MAILS: Final[Mapping[str, Mapping[str, Any]]] = {
    "staff_invitation": {"inviter": "Ada Example", **_LINK},
    "email_verification": _LINK,
    "account_exists": {},
    "password_reset": _LINK,
    "email_change": _LINK,
    "email_changed": {},
    "password_changed": {},
    "test": {},
}
