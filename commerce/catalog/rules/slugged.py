"""What brands, categories and collections may say of themselves, and how it is stored."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, Final

from commerce.core.markup import clean_html
from commerce.core.problems import Invalid, Problem
from commerce.core.text import MAX_SLUG, slug_flaw, slug_of, text_flaw, words_flaw
from commerce.core.urls import url_flaw

MAX_NAME: Final = 200
MAX_POSITION: Final = 2**31 - 1
NAMES: Final = ("name", "title")
URLS: Final = ("logo_url", "image_url")
LIMITS: Final = {
    "description_html": 500_000,
    "seo_title": 255,
    "seo_description": 2_000,
    "seo_keywords": 2_000,
}
TRIMMED: Final = (*NAMES, *URLS, "seo_title", "seo_description", "seo_keywords")


def slugged_flaw(values: Mapping[str, Any], name: str, *, new: bool) -> Problem | None:
    """The first flaw of the given fields; a new thing needs its name, in the field `name`."""
    return next(_flaws(values, name, new=new), None)


def _flaws(values: Mapping[str, Any], name: str, *, new: bool) -> Iterator[Problem]:
    if new or name in values:
        yield from _only(text_flaw(values.get(name, ""), MAX_NAME, name))
    if "slug" in values:
        yield from _only(slug_flaw(values["slug"], "slug"))
    for field in URLS:
        if values.get(field) is not None:
            yield from _only(url_flaw(values[field], field))
    for field, limit in LIMITS.items():
        if field in values:
            yield from _only(words_flaw(values[field], limit, field))
    if abs(values.get("position", 0)) > MAX_POSITION:
        yield Invalid("This is too large.", ("position",))


def cleaned_slugged(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that the given fields fill: markup sanitised, words trimmed."""
    columns = dict(values)
    for field in TRIMMED:
        if isinstance(columns.get(field), str):
            columns[field] = columns[field].strip()
    if "description_html" in columns:
        columns["description_html"] = clean_html(columns["description_html"])
    return columns


def base_slug(name: str, kind: str) -> str:
    """A slug made of `name`; of its kind (`brand`) when nothing of the name can be in a slug."""
    return slug_of(name) or kind


def numbered_slug(base: str, number: int) -> str:
    """`shirt` for the first, then `shirt-2`, `shirt-3`, never longer than a slug may be."""
    if number == 1:
        return base
    tail = f"-{number}"
    return base[: MAX_SLUG - len(tail)].rstrip("-_") + tail


def free_slugs(rows: Sequence[Sequence[str]], taken: Set[str]) -> list[str] | None:
    """Of each row the first slug that is not taken, by a row before it either; None without."""
    found: list[str] = []
    for row in rows:
        slug = next((each for each in row if each not in taken and each not in found), None)
        if slug is None:
            return None
        found.append(slug)
    return found


def _only(flaw: Problem | None) -> Iterator[Problem]:
    if flaw is not None:
        yield flaw
