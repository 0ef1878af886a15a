"""What the storefront keeps with the store for itself: links elsewhere, colours, words. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from commerce.core.criteria import is_storable
from commerce.core.exact_json import write_json
from commerce.core.problems import Invalid
from commerce.core.urls import url_flaw

MAX_LINKS: Final = 30
MAX_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 8
MAX_INTEGER: Final = 2**53  # what every reader of JSON can hold
LINK_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def links_flaw(links: Mapping[str, str]) -> Invalid | None:
    """By the name of the place: `instagram`."""
    if len(links) > MAX_LINKS:
        return Invalid(f"There can be at most {MAX_LINKS} links.")
    for place, (name, url) in enumerate(links.items()):
        if not LINK_NAME.fullmatch(name):
            told = "A name is lower-case letters, digits and _, such as instagram."
            return Invalid(told, (str(place), "name"))
        flaw = url_flaw(url, str(place), "url")
        if flaw is not None:
            return flaw
    return None


def design_flaw(design: object) -> Invalid | None:
    """An object of JSON that the database can hold and everybody can read."""
    if not isinstance(design, dict):
        return Invalid("This is an object.")
    if not _is_plain(design, MAX_DEPTH):
        return Invalid(f"This nests at most {MAX_DEPTH} deep, with texts and numbers as usual.")
    if len(write_json(design)) > MAX_BYTES:
        return Invalid(f"This has at most {MAX_BYTES} bytes.")
    return None


def _is_plain(value: Any, depth: int) -> bool:
    if isinstance(value, dict | list):
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        return depth > 0 and all(_is_plain(item, depth - 1) for item in inner)
    if isinstance(value, str):
        return is_storable(value)
    if isinstance(value, float):
        return value == value and abs(value) <= MAX_INTEGER
    return value is None or (isinstance(value, int) and abs(value) <= MAX_INTEGER)
