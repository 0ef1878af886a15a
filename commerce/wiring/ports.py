"""What services need of the world outside the database: made once per process."""

from dataclasses import dataclass

from commerce.core.attempts import Attempts
from commerce.core.cipher import Cipher
from commerce.core.limiter import RateLimiter
from commerce.identity.access_tokens import AccessTokens
from commerce.identity.passwords import Passwords
from commerce.identity.refresh_tokens import RefreshTokens


@dataclass(frozen=True, slots=True)
class Ports:
    """`public_url` is where clients reach the server; links start with it.

    `message_cipher` seals what queued messages say until they are sent.
    """

    limiter: RateLimiter
    attempts: Attempts
    message_cipher: Cipher
    passwords: Passwords
    access_tokens: AccessTokens
    refresh_tokens: RefreshTokens
    public_url: str = ""
