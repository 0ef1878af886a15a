"""Short texts and slugs: what can be stored, and what can stand in an address."""

import re
import unicodedata
from typing import Final

from commerce.core.problems import Invalid

MAX_SLUG: Final = 200
SLUG: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
NOT_SLUG: Final = re.compile(r"[^a-z0-9_]+")
JOINTS: Final = re.compile(r"[-_]{2,}")
# NUL, which PostgreSQL refuses, and halves of characters, which are no UTF-8.
UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def slug_of(title: str) -> str:
    """`Ocean Blue Shirt` -> `ocean-blue-shirt`; empty when nothing of it can be in a slug."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = JOINTS.sub("-", NOT_SLUG.sub("-", plain))
    return words.strip("-_")[:MAX_SLUG].strip("-_")


def slug_flaw(slug: str, *path: str) -> Invalid | None:
    """Why `slug` cannot stand in an address, or None when it can."""
    if len(slug) <= MAX_SLUG and SLUG.fullmatch(slug):
        return None
    return Invalid("A slug is lower-case letters and digits, joined by single hyphens.", path)


def text_flaw(text: str, limit: int, *path: str) -> Invalid | None:
    """Why a required short text cannot be taken, or None when it can."""
    if not text.strip():
        return Invalid("This must not be empty.", path)
    return words_flaw(text, limit, *path)


def words_flaw(text: str, limit: int, *path: str) -> Invalid | None:
    """Why a text, which may be empty, cannot be stored, or None when it can."""
    if len(text) > limit:
        return Invalid(f"This must have at most {limit} characters.", path)
    if UNSTORABLE.search(text):
        return Invalid("This has characters that no text can have.", path)
    return None
