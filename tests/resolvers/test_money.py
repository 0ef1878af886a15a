from decimal import Decimal

import pytest

from commerce.core.money import formatted
from commerce.core.problems import BadInputError
from resolvers.money import Money


@pytest.mark.parametrize(
    ("stored", "currency", "shown"),
    [
        ("9.500000", "EUR", "9.50"),
        ("9.000000", "EUR", "9.00"),
        ("0.000000", "EUR", "0.00"),
        ("1200.000000", "JPY", "1200"),
        ("1.500000", "KWD", "1.500"),
        ("85.593240", "EUR", "85.59324"),
        ("10.500000", "JPY", "10.5"),
        ("999999999999.990000", "EUR", "999999999999.99"),
    ],
)
def test_an_amount_has_the_currencys_decimals_and_loses_no_digit(
    stored: str, currency: str, shown: str
) -> None:
    money = Money.of(Decimal(stored), currency)
    assert (str(money.amount), money.currency_code) == (shown, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "text"),
    [
        ("1234.5", "EUR", "en", "€1,234.50"),
        ("1234.5", "EUR", "de", "1.234,50\u00a0€"),
        ("1234.5", "EUR", "de-AT", "€\u00a01.234,50"),
        ("1200", "JPY", "ja", "￥1,200"),
        ("1.5", "KWD", "en_GB", "KWD1.500"),
        ("85.59324", "EUR", "en", "€85.59324"),
    ],
)
def test_an_amount_is_written_as_people_do(
    amount: str, currency: str, locale: str, text: str
) -> None:
    assert formatted(Money.of(Decimal(amount), currency).amount, currency, locale) == text


@pytest.mark.parametrize("locale", ["", "xx", "de_", "../../etc", "e" * 5000, "C", "de\x00"])
def test_an_unknown_locale_is_refused(locale: str) -> None:
    with pytest.raises(BadInputError, match="language tag"):
        formatted(Decimal(1), "EUR", locale)


def test_no_amount_is_no_money() -> None:
    assert Money.maybe(None, "EUR") is None
