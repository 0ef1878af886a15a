"""What an API key looks like. Each dialect's keys can be told by their form, even unknown ones."""

import re
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from zlib import crc32

DIALECTS: Final = ("litekart", "litestore", "cartino", "ecwid", "shopkit")
PREFIXES: Final = {
    None: "ck_live_",
    "litekart": "lk_",
    "litestore": "ls_",
    "cartino": "sk_live_",
    "ecwid": "secret_",
}
ECWID_PUBLIC: Final = "public_"
# Cartino's keys say whether they are for a shop or for its sandbox.
CARTINO_LIVE: Final = PREFIXES["cartino"]
CARTINO_TEST: Final = "sk_test_"
ALPHABET: Final = string.digits + string.ascii_letters
PUBLIC_LENGTH: Final = 8
SECRET_LENGTH: Final = 43  # 43 of 62 letters carry 256 bits
CHECKSUM_LENGTH: Final = 6
LETTERS: Final = re.compile(r"[0-9A-Za-z]+")
# Shopkit clients know keys as 40 hex digits: the first 10 find the row, 30 are the secret.
HEX: Final = re.compile(r"[0-9a-f]{40}")
HEX_PUBLIC: Final = 10
HEX_SECRET: Final = 30


@dataclass(frozen=True, slots=True)
class KeyParts:
    """What a key's text says of itself: which row to look for, and what to prove it with."""

    public_id: str
    secret: str

    @property
    def secret_sha256(self) -> bytes:
        """A 256-bit random secret needs no slow hash."""
        return sha256(self.secret.encode()).digest()


def new_key(
    dialect: str | None,
    *,
    public: bool = False,
    public_id: str | None = None,
    sandbox: bool = False,
) -> tuple[str, KeyParts]:
    """A fresh key as it is handed out, and its parts; with `public_id`, another of that key."""
    if dialect == "shopkit":
        text = (public_id or secrets.token_hex(HEX_PUBLIC // 2)) + secrets.token_hex(
            HEX_SECRET // 2
        )
        return text, KeyParts(text[:HEX_PUBLIC], text[HEX_PUBLIC:])
    prefix = ECWID_PUBLIC if public else PREFIXES[dialect]
    if sandbox and prefix == CARTINO_LIVE:
        prefix = CARTINO_TEST
    return new_text(prefix, public_id or random_text(PUBLIC_LENGTH))


def new_text(prefix: str, public_id: str) -> tuple[str, KeyParts]:
    """A fresh secret with its prefix and checksum, and its parts."""
    parts = KeyParts(public_id, random_text(SECRET_LENGTH))
    body = f"{prefix}{parts.public_id}_{parts.secret}"
    return body + _checksum(body), parts


def new_password() -> tuple[str, bytes]:
    """What Cartino's clients may have to send beside a key, and its hash."""
    text = random_text(SECRET_LENGTH)
    return text, sha256(text.encode()).digest()


def read_key(text: str) -> KeyParts | None:
    """The parts of a key, or None for a text that is none: a typo never reaches the database."""
    if HEX.fullmatch(text):
        return KeyParts(text[:HEX_PUBLIC], text[HEX_PUBLIC:])
    return read_text(text, (*PREFIXES.values(), ECWID_PUBLIC, CARTINO_TEST))


def read_text(text: str, prefixes: Iterable[str]) -> KeyParts | None:
    """The parts of what `new_text` made with one of these prefixes; None for anything else."""
    prefix = next((prefix for prefix in prefixes if text.startswith(prefix)), None)
    if prefix is None:
        return None
    public_id, _, rest = text.removeprefix(prefix).partition("_")
    secret, checksum = rest[:-CHECKSUM_LENGTH], rest[-CHECKSUM_LENGTH:]
    well_formed = LETTERS.fullmatch(public_id + rest) and len(secret) == SECRET_LENGTH
    if not well_formed or checksum != _checksum(text[:-CHECKSUM_LENGTH]):
        return None
    return KeyParts(public_id, secret)


def is_for(text: str, *, sandbox: bool) -> bool:
    """Whether a key of this form can be good on a server that is a sandbox, or is none."""
    return not text.startswith(CARTINO_LIVE if sandbox else CARTINO_TEST)


def dialect_of(text: str) -> str | None:
    """The dialect a key's form belongs to, whether or not such a key exists."""
    if HEX.fullmatch(text):
        return "shopkit"
    if text.startswith((CARTINO_LIVE, CARTINO_TEST)):
        return "cartino"
    if text.startswith((PREFIXES["ecwid"], ECWID_PUBLIC)):
        return "ecwid"
    forms = {prefix: dialect for dialect, prefix in PREFIXES.items()}
    return next((forms[prefix] for prefix in ("lk_", "ls_") if text.startswith(prefix)), None)


def hint(text: str) -> str:
    """Enough of a key to recognise it in a list."""
    return f"{text[:12]}…"


def random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _checksum(body: str) -> str:
    number, letters = crc32(body.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        letters = ALPHABET[digit] + letters
    return letters
