from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from commerce.core.exact_json import read_json
from commerce.rest.printing import (
    amount,
    percent_off,
    seconds,
    seconds_with_offset,
    shortest,
    to_json,
    two_decimals,
)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("49.99", b"49.99"),
        ("0.1", b"0.1"),
        ("12345678901234567890.123456", b"12345678901234567890.123456"),  # no float holds this
        ("1E+3", b"1000"),
        ("50.00", b"50.00"),
    ],
)
def test_decimals_are_json_numbers_with_their_own_digits(text: str, printed: bytes) -> None:
    assert to_json({"n": Decimal(text)}) == b'{"n":' + printed + b"}"


def test_what_is_no_json_is_a_bug() -> None:
    with pytest.raises(TypeError):
        to_json({"n": object()})


@pytest.mark.parametrize(
    ("text", "two", "short"),
    [
        ("49.99", "49.99", "49.99"),
        ("49.9", "49.90", "49.9"),
        ("50", "50.00", "50"),
        ("1200.000", "1200.00", "1200"),
        ("0", "0.00", "0"),
        ("1.234", "1.234", "1.234"),  # three decimals that mean something stay
        ("16.005200", "16.0052", "16.0052"),
    ],
)
def test_amounts_with_two_decimals_or_the_fewest(text: str, two: str, short: str) -> None:
    assert str(two_decimals(Decimal(text))) == two
    assert format(shortest(Decimal(text)), "f") == short


def test_no_money_has_no_amount() -> None:
    assert amount(None) is None
    assert amount({"amount": "9.50"}) == Decimal("9.50")
    assert two_decimals(None) is None


@pytest.mark.parametrize(
    ("price", "before", "off"),
    [("15.99", "19.99", "20.01"), ("10", "20", "50"), ("20", "20", None), ("20", None, None)],
)
def test_how_much_cheaper(price: str, before: str | None, off: str | None) -> None:
    found = percent_off(Decimal(price), None if before is None else Decimal(before))
    assert found == (None if off is None else Decimal(off))


def test_times_lose_their_fraction() -> None:
    assert seconds("2024-01-01T00:00:00.123456Z") == "2024-01-01T00:00:00Z"
    assert seconds("2024-01-01T00:00:00Z") == "2024-01-01T00:00:00Z"
    assert seconds(None) is None
    moment = "2014-11-30T01:04:40.999Z"
    assert seconds_with_offset(moment, UTC) == "2014-11-30T01:04:40+00:00"
    assert seconds_with_offset(moment, ZoneInfo("Asia/Tokyo")) == "2014-11-30T10:04:40+09:00"


def test_what_a_caller_wrote_is_said_again_as_it_was_written() -> None:
    for written in (b'{"id":[-0.0,1.10]}', b'[{"id":99999999999999999999},-1,true]'):
        assert to_json(read_json(written)) == written


def test_what_is_no_json_is_not_printed() -> None:
    with pytest.raises(TypeError):
        to_json({"id": object()})
