"""What codes and tokens look like: 256 random bits, of which hashes alone are stored."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from commerce.staff.rules.api_keys import KeyParts, new_text, random_text, read_text

ACCESS: Final = "oat_"
REFRESH: Final = "ort_"
CODE: Final = "oac_"
PUBLIC_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class NewText:
    """What is handed out, and what is stored of it."""

    text: str
    parts: KeyParts


def new_access_token() -> str:
    return new_text(ACCESS, random_text(PUBLIC_LENGTH))[0]


def new_code() -> str:
    return new_text(CODE, random_text(PUBLIC_LENGTH))[0]


def new_refresh_token(public_id: str | None = None) -> NewText:
    """The next one of a grant keeps its `public_id`: so a used one is recognised as such."""
    return NewText(*new_text(REFRESH, public_id or random_text(PUBLIC_LENGTH)))


def read_refresh_token(text: str) -> KeyParts | None:
    return read_text(text, (REFRESH,))


def hash_of(text: str) -> bytes:
    return sha256(text.encode(errors="surrogateescape")).digest()


def is_access_token(text: str) -> bool:
    return text.startswith(ACCESS)
