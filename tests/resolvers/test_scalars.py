from datetime import UTC, datetime
from decimal import Decimal

import pytest
from graphql import GraphQLError

from resolvers.scalars import parse_datetime, parse_decimal, plain_decimal


@pytest.mark.parametrize(
    ("value", "text"),
    [("9.99", "9.99"), ("9.50", "9.50"), ("1E+3", "1000"), ("0.000001", "0.000001"), ("-0", "-0")],
)
def test_a_decimal_is_printed_as_it_is_and_without_an_exponent(value: str, text: str) -> None:
    assert plain_decimal(Decimal(value)) == text


@pytest.mark.parametrize("text", ["1e39", "-1e-40", "0e-40", "9" * 40, "1." + "0" * 38])
def test_a_decimal_has_up_to_forty_digits_on_either_side(text: str) -> None:
    assert parse_decimal(text) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    ["1e40", "1e999999999", "-1e-41", "0e-99999", "0e99999", "NaN", "Infinity", "9" * 41, "1_0"],
)
def test_a_number_that_would_be_long_to_print_is_refused(text: str) -> None:
    with pytest.raises(GraphQLError, match="plain number"):
        parse_decimal(text)


def test_a_time_is_read_as_utc() -> None:
    read = parse_datetime("2026-01-31T08:00:00+02:00")
    assert read == datetime(2026, 1, 31, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "2026-01-31T08:00:00",
        "infinity",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",  # the driver stores it as -infinity, which cannot be printed
        "9999-12-31T23:59:59.999999Z",
    ],
)
def test_what_is_no_moment_in_time_is_refused(text: str) -> None:
    with pytest.raises(GraphQLError, match="DateTime must be ISO 8601"):
        parse_datetime(text)
