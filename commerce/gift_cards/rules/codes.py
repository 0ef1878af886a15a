"""The codes of gift cards: how they are written, and how they are known."""

import re
from hashlib import sha256
from typing import Final

from commerce.core.problems import Invalid

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another one
GROUP: Final = 4
SHOWN: Final = 4
CODE: Final = re.compile(r"[A-Z0-9]{12,40}")  # shorter ones of other shops could be guessed
SEPARATORS: Final = re.compile(r"[\s-]+")
MAX_TYPED: Final = 100
BITS: Final = 5
CODE_BYTES: Final = 10  # 80 bits: 16 letters


def written(random: bytes) -> str:
    """`ABCD-EFGH-JKLM-NPQR`: random bytes as letters, in groups."""
    number, letters = int.from_bytes(random), []
    for _ in range(len(random) * 8 // BITS):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    text = "".join(letters)
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def plain(code: str) -> str:
    """The one spelling of a code: capitals, without spaces and hyphens."""
    return SEPARATORS.sub("", code[:MAX_TYPED]).upper()


def digest_of(code: str) -> bytes:
    return sha256(plain(code).encode(errors="replace")).digest()


def last_characters(code: str) -> str:
    return plain(code)[-SHOWN:]


def code_flaw(code: str, *path: str) -> Invalid | None:
    """Why a code of another shop cannot be taken over."""
    if len(code) <= MAX_TYPED and CODE.fullmatch(plain(code)):
        return None
    return Invalid("A code is 12 to 40 letters and digits.", path)
