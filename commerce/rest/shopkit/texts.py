"""Texts as Shopkit cuts them."""

from typing import Final

META_LENGTH: Final = 140
SHORT_LENGTH: Final = 85
ELLIPSIS: Final = "&#8230;"


def meta(text: str) -> str:
    """The first 140 characters, cut hard."""
    return text[:META_LENGTH]


def shortened(text: str) -> str:
    """Whole words up to about 85 characters, as the samples of the documents are cut."""
    short = _words(text)
    return short if len(short) == len(text) else short + ELLIPSIS


def excerpt(text: str) -> str:
    """The same without the dots."""
    return _words(text)


def _words(text: str) -> str:
    if len(text) < SHORT_LENGTH:
        return text
    short = ""
    for word in text.split():
        short += f"{word} "
        if len(short) >= SHORT_LENGTH:
            break
    return short.rstrip()
