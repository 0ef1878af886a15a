"""What makes a page good. Pure."""

from typing import Any, Final

from commerce.core.markup import clean_html
from commerce.core.problems import Invalid
from commerce.core.text import slug_flaw, text_flaw, words_flaw
from commerce.core.urls import url_flaw

MAX_TITLE: Final = 200
MAX_BODY: Final = 200_000
NAMES: Final = ("title", "external_id")
WORDS: Final = {
    "body_html": MAX_BODY,
    "seo_title": 200,
    "seo_description": 1000,
    "seo_keywords": 1000,
}


def checked_page(given: dict[str, Any]) -> dict[str, Any] | Invalid:
    """The values as they are stored: markup that is safe to show."""
    values = {name: new.strip() if name in NAMES and new else new for name, new in given.items()}
    for name in NAMES:
        flaw = None if values.get(name) is None else text_flaw(values[name], MAX_TITLE, name)
        if flaw is not None:
            return flaw
    for name, limit in WORDS.items():
        flaw = words_flaw(values.get(name, ""), limit, name)
        if flaw is not None:
            return flaw
    if values.get("url"):
        flaw = url_flaw(values["url"], "url")
        if flaw is not None:
            return flaw
        values["url"] = values["url"].strip()
    if "body_html" in values:
        values["body_html"] = clean_html(values["body_html"])
    return (slug_flaw(values["slug"], "slug") if "slug" in values else None) or values
