"""Making text from strangers fit for headers and sentences."""

from typing import Final
from unicodedata import category

# Control and format characters (which can reverse what is read), line and paragraph separators.
NOT_PRINTED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def one_line(text: str, length: int = 80) -> str:
    """`text` as a single line of at most `length` characters, an ellipsis where it was cut."""
    plain = "".join(" " if category(letter) in NOT_PRINTED else letter for letter in text)
    line = " ".join(plain.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
