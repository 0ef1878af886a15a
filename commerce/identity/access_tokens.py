"""Access tokens: signed, mostly short-lived, and worth no more than the session they name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Final

import jwt

from commerce.core.cipher import derived_key
from commerce.identity.kinds import Audience, Holder

ALGORITHM: Final = "HS256"
ISSUER: Final = "storegraph"
TYPE: Final = "at+jwt"  # RFC 9068: no other kind of JWT passes for an access token
LIFETIME: Final = timedelta(minutes=10)
LEEWAY: Final = timedelta(seconds=30)  # clocks of two servers are never quite the same
REQUIRED: Final = ("iss", "aud", "sub", "sid", "jti", "iat", "exp")
MAX_NUMBER: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Claims:
    """What a good token says. Whether the session still is, it does not know."""

    holder: Holder
    session_id: int


@dataclass(frozen=True, slots=True)
class SigningKey:
    audience: Audience
    secret: bytes


class AccessTokens:
    """Issues and reads them with keys derived from the store's secret, one for each audience.

    A token names its key (`kid`), and only names of these keys are known: it is neither a path
    nor an address. The algorithm is what this code says, whatever the token's header says.
    """

    def __init__(self, secret: bytes) -> None:
        self._keys = _signing_keys(secret)
        self._names = {key.audience: name for name, key in self._keys.items()}

    def issue(
        self, holder: Holder, session_id: int, now: datetime, until: datetime | None = None
    ) -> tuple[str, datetime]:
        """A new token and when it expires: `until` then, or soon."""
        name = self._names[holder.audience]
        expires = until or now + LIFETIME
        claims = {
            "iss": ISSUER,
            "aud": holder.audience.value,
            "sub": str(holder.id),
            "sid": str(session_id),
            "jti": token_urlsafe(12),
            "iat": int(now.timestamp()),
            "exp": int(expires.timestamp()),
        }
        headers = {"kid": name, "typ": TYPE}
        key = self._keys[name].secret
        return jwt.encode(claims, key, algorithm=ALGORITHM, headers=headers), expires

    def read(self, text: str, now: datetime) -> Claims | None:
        """None for whatever is not a token of ours for its audience at this time."""
        try:
            header = jwt.get_unverified_header(text)
            key = self._keys.get(header.get("kid", ""))
            if key is None or header.get("typ") != TYPE:
                return None
            claims = jwt.decode(
                text,
                key.secret,
                algorithms=[ALGORITHM],
                audience=key.audience.value,
                issuer=ISSUER,
                # Times are compared below, with the clock that is given.
                options={
                    "require": list(REQUIRED),
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except (jwt.InvalidTokenError, ValueError):
            return None
        return _claims(claims, key.audience, now)


def _signing_keys(secret: bytes) -> Mapping[str, SigningKey]:
    keys: dict[str, SigningKey] = {}
    for audience in Audience:
        key = derived_key(f"access tokens of {audience.value}", secret)
        keys[f"{audience.value}-{sha256(key).hexdigest()[:8]}"] = SigningKey(audience, key)
    return keys


def _claims(claims: Mapping[str, Any], audience: Audience, now: datetime) -> Claims | None:
    holder_id, session_id = _number(claims["sub"]), _number(claims["sid"])
    issued, expires = claims["iat"], claims["exp"]
    if not isinstance(issued, int) or not isinstance(expires, int):
        return None
    early = issued > (now + LEEWAY).timestamp()
    if early or expires <= now.timestamp() or holder_id is None or session_id is None:
        return None
    return Claims(Holder(audience, holder_id), session_id)


def _number(text: object) -> int | None:
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    number = int(text)
    return number if 0 < number <= MAX_NUMBER else None
