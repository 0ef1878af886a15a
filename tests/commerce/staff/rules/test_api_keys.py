import pytest

from commerce.staff.rules.api_keys import DIALECTS, dialect_of, new_key, read_key


@pytest.mark.parametrize("dialect", [None, *DIALECTS])
def test_a_new_key_reads_back_as_its_parts_and_tells_its_dialect(dialect: str | None) -> None:
    text, parts = new_key(dialect)
    assert read_key(text) == parts
    assert dialect_of(text) == dialect


def test_no_two_keys_are_alike() -> None:
    assert len({new_key(None)[0] for _ in range(1000)}) == 1000


def test_a_typo_is_no_key() -> None:
    text, _ = new_key("litestore")
    for place in range(len(text)):
        typo = "x" if text[place] != "x" else "y"
        assert read_key(text[:place] + typo + text[place + 1 :]) is None


@pytest.mark.parametrize(
    "text", ["", "Bearer", "ck_live_", "ck_live_x_y", "ls_" + "a" * 60, "é" * 40, "g" * 40, "\x00"]
)
def test_other_texts_are_no_keys(text: str) -> None:
    assert read_key(text) is None


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("sk_test_abc", "cartino"),
        ("public_abc", "ecwid"),
        ("lk_abc", "litekart"),
        ("0" * 40, "shopkit"),
        ("ck_live_abc", None),
        ("something", None),
    ],
)
def test_even_unknown_keys_tell_their_dialect(text: str, dialect: str | None) -> None:
    assert dialect_of(text) == dialect
