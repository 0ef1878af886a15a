"""Rules of the catalogue that need no data, a file for each thing they are about."""

from commerce.catalog.rules.text import (
    MAX_SLUG,
    clean_html,
    plain_text,
    slug_flaw,
    slug_of,
    text_flaw,
    words_flaw,
)

__all__ = [
    "MAX_SLUG",
    "clean_html",
    "plain_text",
    "slug_flaw",
    "slug_of",
    "text_flaw",
    "words_flaw",
]
