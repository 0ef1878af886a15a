"""What gift cards can be issued and changed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

import orjson

from commerce.core.emails import email_of
from commerce.core.money import amount_flaw
from commerce.core.problems import Invalid
from commerce.core.text import text_flaw, words_flaw
from commerce.gift_cards.rules.codes import code_flaw

MAX_CARDS: Final = 250
MAX_NOTE: Final = 2000
MAX_NAME: Final = 200
MAX_LOCALE: Final = 35


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told the code by mail; nothing of it is kept."""

    email: str
    name: str = ""
    message: str = ""
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """Cards to issue, all alike. `code` is that of another shop's card, for a single one."""

    amount: Decimal
    currency: str
    count: int = 1
    expires_at: datetime | None = None
    note: str = ""
    code: str | None = None
    recipient: Recipient | None = None
    reference: str | None = None

    @property
    def digest(self) -> bytes:
        """Two requests for the same cards have the same one."""
        asked = [str(self.amount), self.currency, self.count, self.expires_at, self.note, self.code]
        return sha256(orjson.dumps(asked)).digest()


def issue_flaw(issue: Issue) -> Invalid | None:
    if not 1 <= issue.count <= MAX_CARDS:
        return Invalid(f"This must be from 1 to {MAX_CARDS}.", ("count",))
    if issue.reference is not None:
        flaw = text_flaw(issue.reference, MAX_NAME, "reference")
        if flaw is not None:
            return flaw
    return (
        value_flaw(issue.amount, issue.currency)
        or words_flaw(issue.note, MAX_NOTE, "note")
        or (None if issue.code is None else code_flaw(issue.code, "code"))
        or (None if issue.recipient is None else _recipient_flaw(issue.recipient))
    )


def value_flaw(amount: Decimal, currency: str) -> Invalid | None:
    flaw = amount_flaw(amount, currency)
    if flaw is None and not amount:
        flaw = "must be more than zero"
    return None if flaw is None else Invalid(f"This {flaw}.", ("amount",))


def change_flaw(values: Mapping[str, Any]) -> Invalid | None:
    return words_flaw(values["note"], MAX_NOTE, "note") if "note" in values else None


def _recipient_flaw(recipient: Recipient) -> Invalid | None:
    address = email_of(recipient.email, "recipient", "email")
    if isinstance(address, Invalid):
        return address
    return (
        words_flaw(recipient.name, MAX_NAME, "recipient", "name")
        or words_flaw(recipient.message, MAX_NOTE, "recipient", "message")
        or words_flaw(recipient.locale or "", MAX_LOCALE, "recipient", "locale")
    )
