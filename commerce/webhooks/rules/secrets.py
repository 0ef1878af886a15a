"""Secrets of endpoints, and what they sign."""

import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from standardwebhooks import Webhook

from commerce.core.problems import Invalid

PREFIX: Final = "whsec_"
BYTES: Final = 32
SHORTEST, LONGEST = 16, 200


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(BYTES)).decode()


def secret_flaw(secret: str) -> Invalid | None:
    """Why a secret that was brought along cannot be used: those of dialects are plain texts."""
    printable = secret.isascii() and secret.isprintable() and " " not in secret
    if printable and SHORTEST <= len(secret) <= LONGEST and not secret.startswith(PREFIX):
        return None
    message = f"A secret is {SHORTEST} to {LONGEST} printable ASCII characters, without spaces."
    return Invalid(message, ("secret",))


def signature(name: str, at: datetime, body: bytes, known: Sequence[str]) -> str:
    """The header of Standard Webhooks: one signature for each secret."""
    text = body.decode()
    return " ".join(_signer(secret).sign(name, at, text) for secret in known)


def dialects_secret(known: Sequence[str], tries: int) -> str:
    """With which a dialect's only signature is made on this try.

    While two secrets are good tries take turns: who knows either of them accepts one of two.
    """
    return known[(tries - 1) % len(known)]


def _signer(secret: str) -> Webhook:
    """Ours are base64 behind a prefix, as the standard has them; others are the key themselves."""
    return Webhook(secret if secret.startswith(PREFIX) else secret.encode())
