"""Scalars whose wire form matters: exact decimals, aware times, currency codes, free JSON."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from graphql.language import FloatValueNode, IntValueNode, StringValueNode, ValueNode, print_ast
from strawberry.types.scalar import ScalarDefinition

from commerce.core.money import currency_codes

MAX_DECIMAL_TEXT = 40
# Digits before or after the point: `1e999999999` is short to write and a gigabyte to print.
MAX_DECIMAL_DIGITS = 40
# To the database's driver the very first and last moments mean "always" and "never".
ALWAYS, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

CurrencyCode = NewType("CurrencyCode", str)
JSON = NewType("JSON", object)


def parse_decimal(value: object) -> Decimal:
    """A finite Decimal from text or a number, exactly as it was written."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise GraphQLError(f"Decimal cannot represent value: {value!r}")
    text = str(value).strip()
    try:
        number = Decimal(text) if len(text) <= MAX_DECIMAL_TEXT else None
    except InvalidOperation:
        number = None
    if number is None or "_" in text or not _is_storable(number):
        raise GraphQLError("Decimal must be a plain number, such as 9.99.")
    return number


def _is_storable(number: Decimal) -> bool:
    if not number.is_finite():
        return False
    places = len(number.as_tuple().digits) - number.adjusted() - 1
    return places <= MAX_DECIMAL_DIGITS and number.adjusted() < MAX_DECIMAL_DIGITS


def parse_decimal_literal(node: ValueNode, _variables: Any = None) -> Decimal:
    if isinstance(node, StringValueNode | IntValueNode | FloatValueNode):
        return parse_decimal(node.value)
    raise GraphQLError(f"Decimal cannot represent value: {print_ast(node)}", node)


def plain_decimal(value: Decimal) -> str:
    """With the decimals it has, and never as `1E+3`."""
    return format(value, "f")


def parse_datetime(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        aware = None if moment is None or moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        aware = None
    if aware is None or aware in (ALWAYS, NEVER):
        raise GraphQLError("DateTime must be ISO 8601 with an offset: 2026-01-31T08:00:00Z.")
    return aware


def print_datetime(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_date(value: object) -> date:
    try:
        if isinstance(value, str) and len(value) == len("2026-01-31"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise GraphQLError("Date must be ISO 8601: 2026-01-31.")


def parse_currency(value: object) -> CurrencyCode:
    if isinstance(value, str) and value in currency_codes():
        return CurrencyCode(value)
    raise GraphQLError("CurrencyCode must be an ISO 4217 code in capitals, such as EUR.")


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description="An exact decimal number, written as a string: `9.99`.",
        serialize=plain_decimal,
        parse_value=parse_decimal,
        parse_literal=parse_decimal_literal,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An ISO 8601 time with an offset; answers are in UTC.",
        serialize=print_datetime,
        parse_value=parse_datetime,
    ),
    date: strawberry.scalar(
        name="Date",
        description="An ISO 8601 calendar date.",
        serialize=date.isoformat,
        parse_value=parse_date,
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="An ISO 4217 currency code: `EUR`.",
        serialize=str,
        parse_value=parse_currency,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
