from decimal import Decimal

import pytest

from commerce.core.money import (
    CurrencyMismatchError,
    Money,
    amount_flaw,
    currency_codes,
    currency_exponent,
    round_amount,
)


def test_sums_are_exact() -> None:
    total = Money(Decimal("0.1"), "EUR") + Money(Decimal("0.2"), "EUR")
    assert total == Money(Decimal("0.3"), "EUR")


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(CurrencyMismatchError):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")


@pytest.mark.parametrize(("code", "exponent"), [("EUR", 2), ("JPY", 0), ("ISK", 0), ("KWD", 3)])
def test_exponents_come_from_cldr(code: str, exponent: int) -> None:
    assert code in currency_codes()
    assert currency_exponent(code) == exponent


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("157.03124", "EUR", "157.03"),
        ("0.005", "EUR", "0.01"),
        ("0.004999", "EUR", "0.00"),
        ("10.5", "JPY", "11"),
        ("1.2345", "KWD", "1.235"),
        ("30000000.00", "IDR", "30000000.00"),
    ],
)
def test_rounding_is_half_up_to_the_smallest_unit(amount: str, currency: str, rounded: str) -> None:
    assert round_amount(Decimal(amount), currency) == Decimal(rounded)


@pytest.mark.parametrize(
    ("amount", "currency", "flaw"),
    [
        ("9.99", "EUR", None),
        ("0", "EUR", None),
        ("9.990", "EUR", None),
        ("1E+3", "EUR", None),
        ("10.5", "JPY", "has more than 0 decimals, which JPY does not have"),
        ("9.999", "EUR", "has more than 2 decimals, which EUR does not have"),
        ("9.9999", "KWD", "has more than 3 decimals, which KWD does not have"),
        ("-0.01", "EUR", "must not be negative"),
        ("NaN", "EUR", "must be a number"),
        ("Infinity", "EUR", "must be a number"),
        ("999999999999.99", "EUR", None),
        ("1000000000000", "EUR", "is too large"),
    ],
)
def test_what_is_no_price(amount: str, currency: str, flaw: str | None) -> None:
    assert amount_flaw(Decimal(amount), currency) == flaw
