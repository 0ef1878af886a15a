"""Integers in Shopkit's paths."""

from commerce.rest.errors import invalid
from commerce.rest.parameters import key_in_path


def key(text: str, kind: str) -> str:
    """The global id of a number in a path; what is no number is refused."""
    if not (text.isascii() and text.isdigit()):
        raise invalid("id", "must be an integer")
    return key_in_path(text, kind)
