from typing import Any

import pytest

from commerce.catalog.rules.slugged import (
    MAX_NAME,
    base_slug,
    cleaned_slugged,
    numbered_slug,
    slugged_flaw,
)
from commerce.core.text import MAX_SLUG, slug_flaw

GOOD: dict[str, Any] = {
    "title": "Shoes",
    "slug": "shoes",
    "description_html": "<p>Good ones</p>",
    "image_url": "https://shop.example/shoes.jpg",
    "seo_title": "Shoes",
    "seo_description": "",
    "position": -3,
}


def test_a_good_thing_has_no_flaw() -> None:
    assert slugged_flaw(GOOD, "title", new=True) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "x" * (MAX_NAME + 1)),
        ("title", "nul\x00"),
        ("slug", ""),
        ("slug", "Big Shoes"),
        ("image_url", "javascript:alert(1)"),
        ("image_url", "//elsewhere.example/x.jpg"),
        ("description_html", "x" * 500_001),
        ("seo_title", "x" * 256),
        ("seo_description", "\ud800"),
        ("position", 2**31),
        ("position", -(2**31)),
    ],
)
def test_a_flaw_names_its_field(field: str, value: Any) -> None:
    flaw = slugged_flaw({**GOOD, field: value}, "title", new=True)
    assert flaw is not None
    assert flaw.path == (field,)


def test_only_a_new_thing_needs_its_name() -> None:
    flaw = slugged_flaw({"slug": "shoes"}, "title", new=True)
    assert flaw is not None
    assert flaw.path == ("title",)
    assert slugged_flaw({"slug": "shoes"}, "title", new=False) is None


def test_words_are_trimmed_and_markup_is_made_safe() -> None:
    cleaned = cleaned_slugged(
        {
            "title": " Shoes ",
            "image_url": " a.jpg ",
            "description_html": '<p onclick="x()">Hi<script>x()</script></p>',
            "active": False,
        }
    )
    assert cleaned == {
        "title": "Shoes",
        "image_url": "a.jpg",
        "description_html": "<p>Hi</p>",
        "active": False,
    }
    assert cleaned_slugged({"image_url": None}) == {"image_url": None}


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Red Shoes", "red-shoes"), ("Crème brûlée", "creme-brulee"), ("靴", "brand")],
)
def test_a_slug_is_made_of_the_name_or_of_the_kind(name: str, slug: str) -> None:
    assert base_slug(name, "brand") == slug


@pytest.mark.parametrize("number", [1, 2, 17, 12345])
@pytest.mark.parametrize("base", ["shoes", "x" * MAX_SLUG, "x" * (MAX_SLUG - 3) + "-yy"])
def test_numbered_slugs_are_good_slugs(base: str, number: int) -> None:
    slug = numbered_slug(base, number)
    assert slug_flaw(slug) is None
    assert slug.endswith(f"-{number}") == (number > 1)
