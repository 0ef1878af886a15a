from datetime import UTC, datetime
from decimal import Decimal

import pytest
from graphql import GraphQLError

from resolvers.scalars import parse_datetime, plain_decimal


@pytest.mark.parametrize(
    ("value", "text"),
    [("9.99", "9.99"), ("9.50", "9.50"), ("1E+3", "1000"), ("0.000001", "0.000001"), ("-0", "-0")],
)
def test_a_decimal_is_printed_as_it_is_and_without_an_exponent(value: str, text: str) -> None:
    assert plain_decimal(Decimal(value)) == text


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
