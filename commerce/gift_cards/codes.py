"""Where codes come from: chance, or the store's secret."""

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from commerce.gift_cards.rules.codes import CODE_BYTES, written


@dataclass(frozen=True, slots=True)
class GiftCardCodes:
    """Makes codes that nobody can guess.

    Those under a reference are derived from `key`: whoever asks again is given the same ones,
    although only their digests are stored.
    """

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def new(self) -> str:
        return written(secrets.token_bytes(CODE_BYTES))

    def derived(self, actor: str, reference: str, place: int) -> str:
        name = "\0".join((actor, reference, str(place))).encode()
        return written(hmac.new(self.key, name, sha256).digest()[:CODE_BYTES])
