"""The two fonts that everything is printed in, and how wide texts are in them.

DejaVu Sans has Latin, Greek and Cyrillic letters and the signs of currencies; what it lacks is
printed as a box. `LICENSE` is theirs.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from unicodedata import category

from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont

from commerce.notifications.text import NOT_PRINTED

HERE: Final = Path(__file__).parent
PLAIN: Final = "StoregraphSans"
BOLD: Final = "StoregraphSansBold"
FILES: Final = {PLAIN: "DejaVuSansCondensed.ttf", BOLD: "DejaVuSansCondensed-Bold.ttf"}

for name, file in FILES.items():
    registerFont(TTFont(name, HERE / file))


def width(text: str, font: str, size: float) -> float:
    return float(stringWidth(text, font, size))


def wrapped(text: str, font: str, size: float, room: float) -> list[str]:
    """The lines of a text in a column; words too long for one are cut."""
    lines = [""]
    for word in _words(text):
        joined = f"{lines[-1]} {word}".lstrip()
        if width(joined, font, size) <= room:
            lines[-1] = joined
        else:
            lines += _cut(word, font, size, room)
    return [line for line in lines if line]


def printable(text: str) -> str:
    """Without control characters and the like, which no font has."""
    return "".join(" " if category(sign) in NOT_PRINTED else sign for sign in text)


def _words(text: str) -> Iterator[str]:
    yield from printable(text).split()


def _cut(word: str, font: str, size: float, room: float) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and width(pieces[-1] + sign, font, size) > room:
            pieces.append("")
        pieces[-1] += sign
    return pieces
