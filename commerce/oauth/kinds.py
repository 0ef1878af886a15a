"""The words of OAuth."""

from datetime import timedelta
from enum import Enum
from typing import Final

CODE_LIFETIME: Final = timedelta(seconds=60)
TOKEN_LIFETIME: Final = timedelta(hours=1)
# A refresh token that is not used for so long ends; each use starts the time anew.
REFRESH_IDLE: Final = timedelta(days=30)
REFRESH_LONGEST: Final = timedelta(days=365)


class GrantType(Enum):
    """The ways to a token, as RFC 6749 names them."""

    AUTHORIZATION_CODE = "authorization_code"
    CLIENT_CREDENTIALS = "client_credentials"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105  # a grant's name
