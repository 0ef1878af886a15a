import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.core.ids import MAX_ID, global_id, parse_global_id


@given(st.integers(0, MAX_ID))
def test_ids_round_trip(number: int) -> None:
    assert parse_global_id(global_id("Product", number)) == ("Product", number)


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    parsed = parse_global_id(text)
    assert parsed is None or parsed[1] >= 0


@pytest.mark.parametrize(
    "text",
    ["", "12", "UHJvZHVjdA==", "UHJvZHVjdDotMQ==", "OjE=", "UHJvZHVjdDrCsg=="],
)
def test_other_texts_are_no_ids(text: str) -> None:
    assert parse_global_id(text) is None


def test_numbers_beyond_bigint_are_no_ids() -> None:
    assert parse_global_id(global_id("Product", MAX_ID + 1)) is None
