import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.core.text import MAX_SLUG, slug_flaw, slug_of, text_flaw, words_flaw


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Ocean Blue Shirt", "ocean-blue-shirt"),
        ("  Café -- Crème!  ", "cafe-creme"),
        ("50% off_now", "50-off_now"),
        ("日本", ""),
        ("x" * 300, "x" * MAX_SLUG),
    ],
)
def test_slugs_are_made_of_titles(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text())
def test_a_slug_that_is_made_is_a_slug(title: str) -> None:
    slug = slug_of(title)
    assert not slug or slug_flaw(slug) is None


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 11])
def test_texts_that_cannot_be_stored_have_a_flaw(text: str) -> None:
    assert words_flaw(text, 10, "field") is not None
    assert text_flaw(text, 10, "field") is not None


def test_only_required_texts_must_be_there() -> None:
    assert words_flaw("", 10) is None
    assert text_flaw(" ", 10, "field") is not None
    assert text_flaw("x" * 10, 10) is None
