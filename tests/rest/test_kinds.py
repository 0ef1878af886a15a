"""What values the fields of a route take, and what is said of others."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from commerce.core.exact_json import read_json
from commerce.rest.errors import Flaw
from commerce.rest.fields import Field, UnfitError, ValueKind, read_fields
from commerce.rest.kinds import (
    choice,
    commas,
    day,
    either,
    flag,
    listing,
    moment,
    number,
    phrase,
    record,
    text,
    whole,
)

LINE = record(Field("variant_id", whole(1), required=True), Field("quantity", whole(1), default=1))


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        (text(), "Bowl\n", "Bowl\n"),
        (text(), 5, "5"),
        (whole(), "12", 12),
        (whole(), 12, 12),
        (whole(1, 50, clamped=True), "900", 50),
        (number(), read_json(b"0.10"), Decimal("0.10")),
        (number(), "19.99", Decimal("19.99")),
        (flag(), True, True),
        (flag(), "false", False),
        (flag(), 0, False),
        (choice("a", "b"), "b", "b"),
        (day(), "2024-02-29", date(2024, 2, 29)),
        (moment(), "2024-01-15T10:00:00+02:00", "2024-01-15T08:00:00+00:00"),
        (moment(), "2024-01-15", "2024-01-15T00:00:00+00:00"),
        (commas(whole()), "1, 2,", [1, 2]),
        (listing(LINE), [{"variant_id": "3", "more": 1}], [{"variant_id": 3, "quantity": 1}]),
        (either(whole(), text()), "bowl", "bowl"),
    ],
)
def test_values_are_read(kind: ValueKind, given: Any, read: Any) -> None:
    found = kind.read(given)
    assert found == read
    assert type(found) is type(read)


@pytest.mark.parametrize(
    ("kind", "given", "issue"),
    [
        (moment(), "soon", "must be a date and time as yyyy-mm-ddThh:mm:ssZ"),
        (moment(), "0001-01-01T00:00:00+14:00", "must be a date and time as yyyy-mm-ddThh:mm:ssZ"),
        (text(), ["a"], "must be a string"),
        (text(), True, "must be a string"),
        (text(), "a\0", "must not hold NUL characters or halves of others"),
        (text(), "\ud800", "must not hold NUL characters or halves of others"),
        (phrase(), "a" * 1_001, "must not be longer than 1000 characters"),
        (text(3), "four", "must not be longer than 3 characters"),
        (text(least=1), "  ", "field is required"),
        (whole(), "1.5", "must be an integer"),
        (whole(), True, "must be an integer"),
        (whole(), "9" * 30, "must be an integer"),
        (whole(1), 0, "must be greater than 0"),
        (whole(1, 5), 6, "must not be greater than 5"),
        (number(above=0), 0, "must be greater than 0"),
        (number(), "NaN", "must be a number"),
        (number(), "1e400", "must be a number"),
        (number(), True, "must be a number"),
        (number(), [1], "must be a number"),
        (flag(), "yes", "must be true or false"),
        (choice("a"), ["a"], "must be one of a"),
        (day(), "20240115", "must be a date as yyyy-mm-dd"),
        (day(), "2023-02-29", "must be a date as yyyy-mm-dd"),
        (listing(text()), "a", "must be an array"),
        (listing(text(), 1), ["a", "b"], "must not have more than 1 items"),
        (record(), [], "must be an object"),
    ],
)
def test_other_values_are_told_what_is_wrong(kind: ValueKind, given: Any, issue: str) -> None:
    with pytest.raises(UnfitError) as unfit:
        kind.read(given)
    assert [flaw.issue for flaw in unfit.value.flaws] == [issue]


def test_every_flaw_is_told_where_it_is() -> None:
    order = record(Field("items", listing(LINE)), Field("email", text(), required=True))
    with pytest.raises(UnfitError) as unfit:
        order.read({"items": [{"variant_id": 1}, {"quantity": 0}]})
    assert unfit.value.flaws == (
        Flaw("items.1.variant_id", "field is required"),
        Flaw("items.1.quantity", "must be greater than 0"),
        Flaw("email", "field is required"),
    )


def test_null_is_not_given_unless_it_may_be() -> None:
    fields = (
        Field("a", text()),
        Field("b", text(), nullable=True),
        Field("c", text(), default="x"),
    )
    assert read_fields(fields, {"a": None, "b": None}) == {"b": None, "c": "x"}
    assert read_fields(fields, {}) == {"c": "x"}
