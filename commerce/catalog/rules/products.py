"""What a product's own fields may be, and how they are stored."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from commerce.catalog.kinds import ProductStatus, ProductType
from commerce.catalog.rules.tree import Columns, ProductTree
from commerce.core.markup import clean_html, plain_text
from commerce.core.problems import Invalid, Problem
from commerce.core.text import slug_flaw, text_flaw, words_flaw

MAX_TITLE: Final = 255
MAX_DESCRIPTION: Final = 500_000
MAX_TAGS: Final = 250
MAX_TAG: Final = 100
MAX_WHOLE: Final = 2**31 - 1
LIMITS: Final = {
    "description_html": MAX_DESCRIPTION,
    "vendor": MAX_TITLE,
    "product_type": MAX_TITLE,
    "seo_title": MAX_TITLE,
    "seo_description": 2_000,
    "seo_keywords": 2_000,
    "excerpt": 2_000,
}
TRIMMED: Final = (
    "title",
    "vendor",
    "product_type",
    "excerpt",
    "seo_title",
    "seo_description",
    "seo_keywords",
)
# A new product before anything is said of it.
BLANK: Final[Mapping[str, Any]] = {
    "slug": "",
    "title": "",
    "description_html": "",
    "description_text": "",
    "excerpt": "",
    "status": ProductStatus.DRAFT,
    "type": ProductType.PHYSICAL,
    "brand_id": None,
    "tax_class_id": None,
    "vendor": "",
    "product_type": "",
    "tags": [],
    "featured": False,
    "shown_as_new": False,
    "price_on_request": False,
    "announced": False,
    "one_per_order": False,
    "stock_shown": True,
    "position": 0,
    "seo_title": "",
    "seo_description": "",
    "seo_keywords": "",
    "published_at": None,
    "archived_at": None,
}


def new_product(now: datetime) -> ProductTree:
    return ProductTree({**BLANK, "tags": []}, now)


def product_flaws(values: Mapping[str, Any], *, new: bool) -> list[Problem]:
    """Everything wrong with the given fields. `new` ones need a title."""
    flaws: list[Problem] = []
    if new or "title" in values:
        flaws.extend(_flaws(text_flaw(values.get("title", ""), MAX_TITLE, "title")))
    if "slug" in values:
        flaws.extend(_flaws(slug_flaw(values["slug"], "slug")))
    for name, limit in LIMITS.items():
        if name in values:
            flaws.extend(_flaws(words_flaw(values[name], limit, name)))
    if not -MAX_WHOLE <= values.get("position", 0) <= MAX_WHOLE:
        flaws.append(Invalid("This is too large.", ("position",)))
    flaws.extend(_tag_flaws(values.get("tags", ())))
    return flaws


def clean_tags(tags: Sequence[str]) -> list[str]:
    """Trimmed; of those that differ only in case the first stays."""
    by_word: dict[str, str] = {}
    for tag in tags:
        word = " ".join(tag.split())
        if word:
            by_word.setdefault(word.casefold(), word)
    return list(by_word.values())


def cleaned_product(values: Mapping[str, Any]) -> Columns:
    """The columns that the given fields fill: markup sanitised, words trimmed."""
    columns: Columns = dict(values)
    for name in TRIMMED:
        if name in columns:
            columns[name] = columns[name].strip()
    if "description_html" in columns:
        columns["description_html"] = clean_html(columns["description_html"])
        columns["description_text"] = plain_text(columns["description_html"])
    if "tags" in columns:
        columns["tags"] = clean_tags(columns["tags"])
    return columns


def put_product(tree: ProductTree, columns: Columns) -> None:
    """Write cleaned columns; the status says when it was first active and when archived.

    Variants live as long as their product: what is archived with it comes back with it.
    """
    tree.columns.update(columns)
    status = tree.columns["status"]
    if status is not ProductStatus.ARCHIVED:
        tree.columns["archived_at"] = None
    elif tree.columns["archived_at"] is None:
        tree.columns["archived_at"] = tree.now
    if status is ProductStatus.ACTIVE and tree.columns["published_at"] is None:
        tree.columns["published_at"] = tree.now


def _tag_flaws(tags: Sequence[str]) -> Iterator[Problem]:
    if len(clean_tags(tags)) > MAX_TAGS:
        yield Invalid(f"A product has at most {MAX_TAGS} tags.", ("tags",))
    for place, tag in enumerate(tags):
        yield from _flaws(words_flaw(tag, MAX_TAG, "tags", str(place)))


def _flaws(flaw: Problem | None) -> Iterator[Problem]:
    if flaw is not None:
        yield flaw
