from typing import Any

import pytest

from commerce.catalog.kinds import ProductStatus
from commerce.catalog.rules.products import (
    MAX_TAGS,
    clean_tags,
    cleaned_product,
    new_product,
    product_flaws,
    put_product,
)
from tests.support.trees import BEFORE, NOW, archived_product, stored_product, tree


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"title": " "}, ("title",)),
        ({"title": "x" * 256}, ("title",)),
        ({"title": "a\x00b"}, ("title",)),
        ({"slug": "Not a slug"}, ("slug",)),
        ({"slug": ""}, ("slug",)),
        ({"vendor": "x" * 256}, ("vendor",)),
        ({"description_html": "\ud800"}, ("description_html",)),
        ({"description_html": "x" * 500_001}, ("description_html",)),
        ({"position": 2**31}, ("position",)),
        ({"tags": ["fine", "x" * 101]}, ("tags", "1")),
        ({"tags": [str(n) for n in range(MAX_TAGS + 1)]}, ("tags",)),
    ],
)
def test_flaws_are_found_in_the_given_fields(values: dict[str, Any], path: Any) -> None:
    assert [flaw.path for flaw in product_flaws(values, new=False)] == [path]


def test_a_new_product_needs_a_title_and_a_change_does_not() -> None:
    assert product_flaws({}, new=False) == []
    assert [flaw.path for flaw in product_flaws({}, new=True)] == [("title",)]


def test_as_many_tags_as_allowed_may_differ() -> None:
    tags = [str(n) for n in range(MAX_TAGS)]
    assert product_flaws({"tags": [*tags, " 1 "]}, new=False) == []


def test_tags_are_trimmed_and_differ_in_more_than_case() -> None:
    assert clean_tags([" Summer  Sale ", "summer sale", "", "  ", "STRASSE", "straße", "New"]) == [
        "Summer Sale",
        "STRASSE",
        "New",
    ]


def test_words_are_trimmed_and_markup_becomes_safe_and_plain() -> None:
    assert cleaned_product(
        {"title": " Shirt ", "vendor": " Acme", "description_html": "<p>a</p>b"}
    ) == {
        "title": "Shirt",
        "vendor": "Acme",
        "description_html": "<p>a</p>b",
        "description_text": "a b",
    }
    assert cleaned_product({"featured": True}) == {"featured": True}


def test_the_first_time_a_product_is_active_is_kept() -> None:
    edited = new_product(NOW)
    put_product(edited, {"status": ProductStatus.HIDDEN})
    assert edited.columns["published_at"] is None
    put_product(edited, {"status": ProductStatus.ACTIVE})
    assert edited.columns["published_at"] == NOW
    again = tree(stored_product(published_at=BEFORE))
    put_product(again, {"status": ProductStatus.ACTIVE})
    assert again.columns["published_at"] == BEFORE


def test_archiving_and_coming_back_are_noted() -> None:
    edited = tree(stored_product())
    put_product(edited, {"status": ProductStatus.ARCHIVED})
    assert edited.columns["archived_at"] == NOW
    gone = tree(archived_product())
    put_product(gone, {"status": ProductStatus.ARCHIVED})
    assert gone.columns["archived_at"] == BEFORE
    put_product(gone, {"status": ProductStatus.DRAFT})
    assert gone.columns["archived_at"] is None
