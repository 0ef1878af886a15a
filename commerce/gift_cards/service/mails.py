"""The mail that brings a gift card."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from commerce.core.emails import email_of
from commerce.core.money import formatted
from commerce.core.problems import Problem
from commerce.gift_cards.repository.cards import GiftCardRow
from commerce.gift_cards.rules.issues import Recipient
from commerce.notifications.messages import Mail
from commerce.notifications.service import NotificationQueue
from commerce.store.service import StoreService

ISSUED: Final = "gift_card"


class GiftCardMails:
    def __init__(self, notifications: NotificationQueue, store: StoreService) -> None:
        self._notifications = notifications
        self._store = store

    async def send(self, card: GiftCardRow, code: str, recipient: Recipient) -> None:
        """Queue the mail: until it is sent, code and recipient wait encrypted; then they go."""
        settings = await self._store.settings()
        address = email_of(recipient.email)
        data = {
            "email": "" if isinstance(address, Problem) else address,
            "name": recipient.name,
            "message": recipient.message,
            "locale": recipient.locale or settings.locale,
            "code": code,
            "amount": str(card.balance),
            "currency": card.currency,
            "expires": _last_day(card, ZoneInfo(settings.timezone)),
        }
        await self._notifications.add(ISSUED, data)

    async def mail(self, data: Mapping[str, Any]) -> Mail:
        """What is sent for the queued `data`."""
        return Mail(
            "gift_card",
            data["email"],
            data["locale"],
            {
                "name": data["name"],
                "message": data["message"],
                "code": data["code"],
                "amount": _shown(Decimal(data["amount"]), data["currency"], data["locale"]),
                "expires": _dated(data["expires"], data["locale"]),
            },
        )


def _shown(amount: Decimal, currency: str, locale: str) -> str:
    return formatted(amount, currency, str(_language(locale)))


def _last_day(card: GiftCardRow, zone: ZoneInfo) -> str | None:
    """The last day of the shop on which the card can be spent."""
    if card.expires_at is None:
        return None
    day = (card.expires_at - timedelta(microseconds=1)).astimezone(zone).date()
    return str(day)


def _dated(day: str | None, locale: str) -> str | None:
    if day is None:
        return None
    return format_date(date.fromisoformat(day), "long", _language(locale))


def _language(locale: str) -> Locale:
    """English for a language that nobody knows."""
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
