import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.customers.rules.tax_ids import plain_tax_id, tax_id_validity


@pytest.mark.parametrize(
    ("written", "valid"),
    [
        ("DE 136.695.976", True),
        ("DE136695977", False),
        ("EL 094259216", True),
        ("XI 980780684", True),
        ("GB 980 7806 84", True),
        ("CHE-107.787.577 IVA", True),
        ("IT00743110157", True),
        ("136695976", None),
        ("US-12-3456789", None),
        ("ZZ123456", None),
        ("", None),
    ],
)
def test_check_digits_are_looked_at_where_a_country_has_them(
    written: str, valid: bool | None
) -> None:
    assert tax_id_validity(plain_tax_id(written)) is valid


@given(st.text())
def test_any_text_is_looked_at_without_an_error(text: str) -> None:
    assert tax_id_validity(plain_tax_id(text)) in {True, False, None}


@given(st.from_regex(r"\A[A-Z]{2}[0-9A-Z]{3,12}\Z"))
def test_any_number_with_a_country_is_looked_at_without_an_error(number: str) -> None:
    assert tax_id_validity(number) in {True, False, None}
