from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.core.exact_json import JsonError, canonical_json, read_json, write_json
from resolvers.scalars import parse_decimal


@pytest.mark.parametrize(
    "text",
    [
        "123456789012.123456",
        "0.1234567890123456789",
        "9.99",
        "1e-7",
        "100000000000000000000",
        "-0.1",
    ],
)
def test_a_number_becomes_the_decimal_that_was_written(text: str) -> None:
    (number,) = read_json(f"[{text}]".encode())
    assert parse_decimal(number) == Decimal(text)


def test_a_double_alone_would_not_do() -> None:
    assert Decimal(str(float("123456789012.123456"))) != Decimal("123456789012.123456")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, max_value=10**12))
def test_every_amount_a_column_can_hold_stays_exact(amount: Decimal) -> None:
    (number,) = read_json(f"[{amount:f}]".encode())
    assert parse_decimal(number) == amount


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nope",
        b"NaN",
        b"1e400",
        b"9" * 41,
        b"9" * 5000,
        b"[" * 100_000,
        b"[" * 1000 + b"1.5" + b"]" * 1000 + b"]",
        b'"\xff"',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b'{"a": 1,}',
    ],
)
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(JsonError):
        read_json(body)


def test_of_two_equal_keys_the_last_one_counts() -> None:
    assert read_json(b'{"a": 1, "a": 2}') == {"a": 2}
    assert read_json(b'{"a": 1.5, "a": 2.5}') == {"a": 2.5}


def test_integers_beyond_64_bits_are_read_and_written() -> None:
    assert write_json(read_json(b'{"a":123456789012345678901}')) == b'{"a":123456789012345678901}'


def test_a_number_read_exactly_can_be_written_again() -> None:
    assert write_json(read_json(b'{"a":[1.5,"x"]}')) == b'{"a":[1.5,"x"]}'


def test_decimals_stand_in_canonical_json_as_they_were_written() -> None:
    assert canonical_json({"price": Decimal("19.90")}) == '{"price":19.90}'
