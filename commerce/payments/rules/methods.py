"""What a payment method can be. Pure."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from commerce.core.money import AMOUNT_DECIMALS, AMOUNT_DIGITS, currency_codes
from commerce.core.problems import Invalid, Problem
from commerce.core.text import slug_flaw, text_flaw, words_flaw
from commerce.core.urls import url_flaw
from commerce.payments.rules.cards import card_flaw
from commerce.pricing.rules.surcharges import value_flaw

MAX_NAME: Final = 200
MAX_WORDS: Final = 5000
MAX_ITEMS: Final = 250
MAX_DETAILS: Final = 30
PLAIN: Final = (str, int)
MAX_POSITION: Final = 1_000_000


def method_flaw(values: dict[str, Any]) -> Problem | None:
    """Why these values cannot be taken, or None when they can. A code can stand in an address."""
    checks: dict[str, Callable[[Any], Problem | None]] = {
        "code": lambda code: slug_flaw(code, "code"),
        "name": lambda name: text_flaw(name, MAX_NAME, "name"),
        "description": lambda words: words_flaw(words, MAX_WORDS, "description"),
        "instructions": lambda words: words_flaw(words, MAX_WORDS, "instructions"),
        "details": _details_flaw,
        "image_url": lambda url: None if url is None else url_flaw(url, "image_url"),
        "countries": _countries_flaw,
        "currencies": _currencies_flaw,
        "customer_group_ids": lambda ids: _length_flaw(ids, "customer_group_ids"),
        "shipping_method_ids": lambda ids: _length_flaw(ids, "shipping_method_ids"),
        "position": _position_flaw,
        "min_total": lambda amount: _amount_flaw(amount, "min_total"),
        "max_total": lambda amount: _amount_flaw(amount, "max_total"),
    }
    found = (check(values[name]) for name, check in checks.items() if name in values)
    return next((flaw for flaw in found if flaw is not None), None)


def totals_flaw(lowest: Decimal | None, highest: Decimal | None) -> Invalid | None:
    if lowest is None or highest is None or lowest <= highest:
        return None
    return Invalid("The highest total is below the lowest.", ("max_total",))


def surcharge_flaw(values: dict[str, Any]) -> Invalid | None:
    """Why paying with a method cannot cost this more; without a kind it costs nothing more."""
    kind = values.get("surcharge_kind")
    flaw = None if kind is None else value_flaw(kind, values["surcharge_value"])
    return None if flaw is None else Invalid(flaw, ("surcharge", "value"))


def _details_flaw(details: Any) -> Problem | None:
    """An object of plain values; no number of a card."""
    whole = isinstance(details, dict) and len(details) <= MAX_DETAILS
    if not whole or not all(isinstance(each, PLAIN) for each in details.values()):
        message = f"This is an object of at most {MAX_DETAILS} texts, whole numbers and booleans."
        return Invalid(message, ("details",))
    flaws = (
        text_flaw(name, MAX_NAME, "details") or words_flaw(str(each), MAX_WORDS, "details")
        for name, each in details.items()
    )
    return card_flaw(details, "details") or next((flaw for flaw in flaws if flaw), None)


def _countries_flaw(codes: Sequence[str]) -> Invalid | None:
    for place, code in enumerate(codes):
        if not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
            path = ("countries", str(place))
            return Invalid("A country is its ISO 3166-1 alpha-2 code, such as DE.", path)
    return _length_flaw(codes, "countries")


def _currencies_flaw(codes: Sequence[str]) -> Invalid | None:
    for place, code in enumerate(codes):
        if code not in currency_codes():
            path = ("currencies", str(place))
            return Invalid("A currency is its ISO 4217 code, such as EUR.", path)
    return _length_flaw(codes, "currencies")


def _length_flaw(items: Sequence[Any], name: str) -> Invalid | None:
    if len(items) <= MAX_ITEMS:
        return None
    return Invalid(f"This takes at most {MAX_ITEMS} items.", (name,))


def _position_flaw(position: int) -> Invalid | None:
    if 0 <= position <= MAX_POSITION:
        return None
    return Invalid(f"A position is a number from 0 to {MAX_POSITION}.", ("position",))


def _amount_flaw(amount: Decimal | None, name: str) -> Invalid | None:
    if amount is None:
        return None
    if not amount.is_finite() or amount < 0:
        return Invalid("An amount is a number that is not negative.", (name,))
    if amount.adjusted() >= AMOUNT_DIGITS - AMOUNT_DECIMALS:
        return Invalid("This amount is too large.", (name,))
    if amount != round(amount, AMOUNT_DECIMALS):
        return Invalid(f"An amount has at most {AMOUNT_DECIMALS} decimals.", (name,))
    return None
