"""Encrypts what is stored but must not be readable in a copy of the database."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hmac import new as hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


class UnreadableError(Exception):
    """Bytes that were not encrypted with one of the known secrets for this purpose."""


class Cipher:
    """Encrypts with the first of `secrets` and decrypts with any of them.

    The keys are derived from a secret and a purpose, so that the store's one secret serves many
    purposes, and what was encrypted for one of them cannot be passed off as another's.
    """

    def __init__(self, purpose: str, *secrets: bytes) -> None:
        self._keys = MultiFernet(_fernets(purpose, secrets))
        self._marking = derived_key(f"{purpose}/marks", secrets[0])

    def encrypt(self, plain: bytes) -> bytes:
        return self._keys.encrypt(plain)

    def mark(self, text: str) -> str:
        """64 hex digits that nobody else can tell of `text`, the same each time."""
        return hmac(self._marking, text.encode(), "sha256").hexdigest()

    def decrypt(self, sealed: bytes) -> bytes:
        """Raises `UnreadableError`."""
        try:
            return self._keys.decrypt(sealed)
        except InvalidToken:
            raise UnreadableError("not encrypted with a known secret") from None


def _fernets(purpose: str, secrets: Sequence[bytes]) -> list[Fernet]:
    return [Fernet(urlsafe_b64encode(derived_key(purpose, secret))) for secret in secrets]


def derived_key(purpose: str, secret: bytes) -> bytes:
    """A key for one purpose alone: from it neither the secret nor another's key can be told."""
    kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
    return kdf.derive(secret)
