"""Texts as Shopkit cuts them."""

from typing import Final

META_LENGTH: Final = 140
SHORT_LENGTH: Final = 85
MOST_WORDS: Final = 43  # of one letter and a space; what comes after them need not be looked at
ELLIPSIS: Final = "&#8230;"


def meta(text: str) -> str:
    """The first 140 characters, cut hard."""
    return text[:META_LENGTH]


def shortened(text: str) -> str:
    """Whole words up to about 85 characters, as the samples of the documents are cut."""
    return dotted(excerpt(text), text)


def excerpt(text: str) -> str:
    """The same without the dots."""
    if len(text) < SHORT_LENGTH:
        return text
    short = ""
    for word in text.split(None, MOST_WORDS)[:MOST_WORDS]:
        short += f"{word} "
        if len(short) >= SHORT_LENGTH:
            break
    return short.rstrip()


def dotted(short: str, text: str) -> str:
    """An excerpt of the text, with the dots."""
    return short if len(short) == len(text) else short + ELLIPSIS
