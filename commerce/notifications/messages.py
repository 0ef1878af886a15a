"""What is to be sent: mails by template, short messages by text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Words:
    """What the store itself has a message say: a template of its subject, and one of its body."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A template filled for one recipient, in their language (`de-AT`; unknown ones in English).

    `own` are the store's own words instead, by language.
    """

    template: str
    to: str
    locale: str = "en"
    context: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShortText:
    """The same as a short message. `to` is a phone number."""

    template: str
    to: str
    locale: str = "en"
    context: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sms:
    """`to` is a phone number in E.164 form: `+491701234567`."""

    to: str
    text: str


_ORDER: Final = {"number": "SG-1042", "token": "example-token"}
_LINK: Final = {"token": "example-token", "valid_for": timedelta(hours=24)}

# Every mail, with an example of all that its template may use. `valid_for` is a timedelta.
_SUMS: Final = {
    "lines": [{"title": "Mug (blue)", "quantity": 2, "amount": "€19.98"}],
    "shipping": "€4.90",
    "surcharges": [{"name": "Cash on delivery", "amount": "€2.00"}],
    "total": "€26.88",
    "due": "€26.88",
}
MAILS: Final[Mapping[str, Mapping[str, Any]]] = {
    "staff_invitation": {"inviter": "Ada Example", **_LINK},
    "email_verification": _LINK,
    "account_exists": {},
    "password_reset": _LINK,
    "email_change": _LINK,
    "email_changed": {},
    "password_changed": {},
    "cart_abandoned": {"token": "example-token"},
    "order_placed": {**_ORDER, **_SUMS},
    "order_received": {"number": "SG-1042", "name": "Ada Example", **_SUMS},
    "order_news": {"number": "SG-1042", "name": "Ada Example", "total": "€26.88", "news": "paid"},
    "order_paid": {**_ORDER, "total": "€26.88"},
    "refund_failed": {"number": "SG-1042", "amount": "€9.99", "reason": "card_expired"},
    "stock_low": {"places": [{"title": "Mug (blue)", "location": "Berlin", "available": 2}]},
    "webhook_disabled": {"address": "https://example.com/hook", "reason": "failing"},
    "order_shipped": {
        **_ORDER,
        "lines": [{"title": "Mug (blue)", "quantity": 2}],
        "carrier": "DHL",
        "tracking_number": "00340434161094042557",
        "tracking_url": "https://carrier.example/00340434161094042557",
    },
    "order_canceled": _ORDER,
    "order_refunded": {**_ORDER, "amount": "€9.99"},
    "payment_returned": {"amount": "€9.99", "sold_out": True, "token": "example-token"},
    "gift_card": {
        "name": "Ada",
        "message": "Happy birthday!",
        "code": "ABCD-EFGH-JKLM-NPQR",
        "amount": "€50.00",
        "expires": "31 December 2030",
    },
    "test": {},
}
# The same of short messages.
TEXTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "order_placed": {**_ORDER, "total": "€26.88"},
    "order_shipped": {
        **_ORDER,
        "carrier": "DHL",
        "tracking_number": "00340434161094042557",
        "tracking_url": "https://carrier.example/00340434161094042557",
    },
}
