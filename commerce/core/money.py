"""Exact money: a Decimal in major units beside its currency."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.core import Locale, UnknownLocaleError, get_global
from babel.numbers import format_currency, get_currency_precision

from commerce.core.problems import BadInputError

AMOUNT_DIGITS = 18
AMOUNT_DECIMALS = 6


class CurrencyMismatchError(ValueError):
    """Two currencies met in one sum."""


@cache
def currency_codes() -> frozenset[str]:
    """Every ISO 4217 code in the CLDR data, historic ones included."""
    return frozenset(get_global("all_currencies"))


@cache
def currency_exponent(code: str) -> int:
    """How many decimals the currency's smallest unit has: EUR 2, JPY 0, KWD 3."""
    return get_currency_precision(code)


@cache
def _smallest_unit(code: str) -> Decimal:
    return Decimal(1).scaleb(-currency_exponent(code))


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in major units of `currency`: 9.99 EUR, 1200 JPY."""

    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} + {other.currency}")
        return Money(self.amount + other.amount, self.currency)

    def rounded(self) -> "Money":
        """Rounded half up to the currency's smallest unit: once, and last."""
        return Money(round_amount(self.amount, self.currency), self.currency)


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """Half up, to the currency's smallest unit."""
    return amount.quantize(_smallest_unit(currency), rounding=ROUND_HALF_UP)


def shown_amount(amount: Decimal, currency: str) -> Decimal:
    """With the currency's decimals, and further ones only as far as they are not zero."""
    rounded = round_amount(amount, currency)
    return rounded if rounded == amount else amount.normalize()


def formatted(amount: Decimal, currency: str, locale: str) -> str:
    """As people of `locale` write it: 1.234,50 €. Raises `BadInputError` for an unknown locale."""
    try:
        language = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise BadInputError("A locale is a language tag such as en, de or pt-BR.") from error
    return format_currency(amount, currency, locale=language, decimal_quantization=False)


def amount_flaw(amount: Decimal, currency: str) -> str | None:
    """Why `amount` is no price in `currency`, or None when it is one."""
    if not amount.is_finite():
        return "must be a number"
    if amount < 0:
        return "must not be negative"
    if amount.adjusted() >= AMOUNT_DIGITS - AMOUNT_DECIMALS:
        return "is too large"
    exponent = currency_exponent(currency)
    if amount != round(amount, exponent):
        return f"has more than {exponent} decimals, which {currency} does not have"
    return None
