"""What is printed beside the shop's own words, in the reader's language."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from commerce.core.money import formatted
from commerce.invoices.kinds import PaperKind
from commerce.notifications.rules import SOURCE_LANGUAGE, language_chain
from commerce.notifications.translations import catalogues_in, known_locale, translations_for

CATALOGUES: Final = catalogues_in([Path(__file__).parent])
TITLES: Final = {
    PaperKind.INVOICE: "Invoice",
    PaperKind.CREDIT_NOTE: "Credit note",
    PaperKind.RECEIPT: "Receipt",
}
SUMS: Final = {
    "subtotal": "Subtotal",
    "lines": "Goods",
    "discount": "Discount",
    "shipping": "Shipping",
    "surcharge": "Surcharge",
    "rounding": "Rounding",
    "net": "Net amount",
    "net_in": "Included net amount",
    "tax": "Tax",
    "tax_in": "Included tax",
    "total": "Total",
    "credited": "Total credited",
    "gift_cards": "Gift cards",
    "paid": "Already paid",
    "refunded": "Given back",
    "left": "Amount due",
}


class Words:
    """Labels, numbers and days in one language. `locale` is one that CLDR knows."""

    def __init__(self, locale: str, translations: NullTranslations) -> None:
        self.locale = locale
        self._translations = translations

    def of(self, label: str) -> str:
        return self._translations.gettext(label)

    def title(self, kind: PaperKind) -> str:
        return self.of(TITLES[kind])

    def sum(self, kind: str) -> str:
        return self.of(SUMS[kind])

    def page(self, number: int, of: int) -> str:
        return self.of("Page {number} of {count}").format(number=number, count=of)

    def money(self, amount: Decimal, currency: str) -> str:
        return formatted(amount, currency, self.locale)

    def percent(self, percent: Decimal) -> str:
        return format_percent(percent / 100, locale=self.locale, decimal_quantization=False)

    def count(self, number: int) -> str:
        return format_decimal(number, locale=self.locale)

    def day(self, day: date) -> str:
        return format_date(day, format="medium", locale=self.locale)


def words_in(locale: str) -> Words:
    """In the best language there is for `locale`; numbers and days are written as in it."""
    spoken = {SOURCE_LANGUAGE, *CATALOGUES}
    language = next(name for name in language_chain(locale) if name in spoken)
    return _words(language)


@lru_cache
def _words(language: str) -> Words:
    return Words(str(known_locale(language)), translations_for(language, CATALOGUES))
