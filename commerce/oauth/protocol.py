"""RFC 6749, 7636 and 7009 as authlib checks them, over what was loaded before.

Authlib's server is synchronous. So nothing is read or written here: `Known` is what the database
says, and the `Wish` that comes of a request is stored afterwards, in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from typing import Any, Final

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    ClientMixin,
    InvalidGrantError,
    InvalidRequestError,
    OAuth2Error,
    OAuth2Request,
    grants,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge

from commerce.oauth.kinds import TOKEN_LIFETIME
from commerce.oauth.rules.credentials import hash_of, new_access_token, new_code, new_refresh_token

# Authlib refuses requests that were not encrypted by their address. Where encryption ends is the
# operator's affair, so it is shown an address that says nothing of the real one.
ADDRESS: Final = "https://store.invalid/oauth"
METHODS: Final = ["client_secret_basic", "client_secret_post", "none"]
Reply = tuple[int, Any, list[tuple[str, str]]]


@dataclass(slots=True)
class Known:
    """What the database says of the client and the code or token in a request."""

    client: Any = None
    code: Any = None
    grant: Any = None
    token: Any = None


@dataclass(slots=True)
class Wish:
    """What is to be stored: a code, a token, or the end of a token. Rows are those of `Known`."""

    code: str | None = None
    token: dict[str, Any] | None = None
    grant_type: str = ""
    scopes: tuple[str, ...] = ()
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's method and parameters, each given once, and its Authorization header.

    Both hold secrets, which show in no log or trace.
    """

    method: str
    parameters: Mapping[str, str] = field(repr=False)
    authorization: str = field(default="", repr=False)


class _Request(OAuth2Request):  # type: ignore[misc]  # authlib has no types
    def __init__(self, asked: Asked) -> None:
        given = {"Authorization": asked.authorization} if asked.authorization else {}
        super().__init__(asked.method, ADDRESS, headers=given)
        self.payload = BasicOAuth2Payload(dict(asked.parameters))

    @property
    def form(self) -> Any:
        return self.payload.data

    args = form


class _Client(ClientMixin):  # type: ignore[misc]  # authlib has no types
    def __init__(self, row: Any) -> None:
        self.row = row

    def get_client_id(self) -> str:
        return str(self.row.client_id)

    def get_default_redirect_uri(self) -> str | None:
        """Where there is one address it need not be named."""
        uris = self.row.redirect_uris
        return str(uris[0]) if len(uris) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What is asked for, if the client may have all of it; all it may have for no wish."""
        wanted = self.row.scopes if not scope else scope.split()
        allowed = set(wanted) <= set(self.row.scopes) and bool(wanted)
        return " ".join(dict.fromkeys(wanted)) if allowed else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.row.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        stored = self.row.secret_sha256
        return stored is not None and compare_digest(hash_of(client_secret), stored)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return (method == "none") is self.row.is_public

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and self.check_grant_type("authorization_code")

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in self.row.grants


class _Stored:
    """A code, grant or token as authlib asks about it.

    Of what was granted it is worth what the client may still have.
    """

    def __init__(self, row: Any, client: Any = None) -> None:
        self.row = row
        allowed = () if client is None else client.scopes
        self.scopes = [name for name in getattr(row, "scopes", ()) if name in allowed]
        self.code_challenge = getattr(row, "challenge", None)
        self.code_challenge_method = "S256" if self.code_challenge else None

    def get_redirect_uri(self) -> str | None:
        return self.row.redirect_uri  # type: ignore[no-any-return]  # a column

    def get_scope(self) -> str:
        return " ".join(self.scopes)

    def check_client(self, client: _Client) -> bool:
        return bool(self.row.client_id == client.row.id)


class _Server(AuthorizationServer):  # type: ignore[misc]  # authlib has no types
    """Answers one request."""

    def __init__(self, known: Known, now: datetime) -> None:
        super().__init__()
        self.known = known
        self.now = now
        self.wish = Wish()
        self.register_token_generator(
            "default",
            BearerTokenGenerator(
                lambda **_about: new_access_token(),
                lambda **_about: new_refresh_token(_public_id(known)).text,
                lambda *_about: int(TOKEN_LIFETIME.total_seconds()),
            ),
        )
        self.register_grant(_CodeGrant, [_Challenge()])
        self.register_grant(_ClientCredentials)
        self.register_grant(_RefreshToken)
        self.register_endpoint(_Revocation)

    def query_client(self, client_id: str) -> _Client | None:
        row = self.known.client
        return _Client(row) if row is not None and row.client_id == client_id else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        self.wish.token = token
        self.wish.grant_type = request.payload.grant_type
        self.wish.scopes = tuple(token["scope"].split())

    def create_oauth2_request(self, request: Any) -> Any:
        return request if isinstance(request, _Request) else _Request(request)

    def handle_response(self, status: int, body: Any, headers: Any) -> Reply:
        return status, body, list(headers)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""


class _CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # authlib has no types
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def generate_authorization_code(self) -> str:
        return new_code()

    def save_authorization_code(self, code: str, request: Any) -> None:
        self.server.wish.code = code
        self.server.wish.scopes = tuple(request.scope.split())

    def query_authorization_code(self, _code: str, client: _Client) -> _Stored | None:
        row = self.server.known.code
        if row is None or row.client_id != client.row.id:
            return None
        fresh = row.used_at is None and row.expires_at > self.server.now
        return _worth(row, client.row) if fresh else None

    def delete_authorization_code(self, authorization_code: _Stored) -> None:
        """It is used up when the token is stored."""

    def authenticate_user(self, authorization_code: _Stored) -> Any:
        return authorization_code.row.staff_id


class _Challenge(CodeChallenge):  # type: ignore[misc]  # authlib has no types
    """S256 alone, and never without for clients that have no secret."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        asked = grant.request.payload.data
        if grant.request.client.row.is_public and not asked.get("code_challenge"):
            raise InvalidRequestError("Missing 'code_challenge'")
        if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Unsupported 'code_challenge_method'")
        super().validate_code_challenge(grant, redirect_uri)


class _ClientCredentials(grants.ClientCredentialsGrant):  # type: ignore[misc]  # authlib has no types
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


class _RefreshToken(grants.RefreshTokenGrant):  # type: ignore[misc]  # authlib has no types
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, _refresh_token: str) -> _Stored | None:
        known = self.server.known
        return None if known.grant is None else _worth(known.grant, known.client)

    def authenticate_user(self, refresh_token: _Stored) -> Any:
        return refresh_token.row.staff_id

    def revoke_old_credential(self, refresh_token: _Stored) -> None:
        """It is used up when the next one is stored."""


class _Revocation(RevocationEndpoint):  # type: ignore[misc]  # authlib has no types
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, _token: str, _hint: str | None) -> _Stored | None:
        row = self.server.known.grant or self.server.known.token
        return None if row is None else _Stored(row)

    def revoke_token(self, _token: _Stored, _request: Any) -> None:
        self.server.wish.ends = True


@dataclass(slots=True)
class Outcome:
    """An answer, and what has to be stored before it is given."""

    reply: Reply
    wish: Wish = field(default_factory=Wish)


def token_outcome(asked: Asked, known: Known, now: datetime) -> Outcome:
    server = _Server(known, now)
    return Outcome(server.create_token_response(asked), server.wish)


def revocation_outcome(asked: Asked, known: Known, now: datetime) -> Outcome:
    server = _Server(known, now)
    return Outcome(server.create_endpoint_response("revocation", asked), server.wish)


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody is asked to consent to, and where the answer goes."""

    client: Any
    redirect_uri: str
    scopes: tuple[str, ...]


def consent_of(asked: Asked, known: Known, now: datetime) -> Consent | Reply:
    """The question, or the answer to a request that cannot be consented to.

    That is a redirect if the client and its address are beyond doubt.
    """
    server = _Server(known, now)
    try:
        grant = server.get_consent_grant(asked)
    except OAuth2Error as error:
        reply: Reply = server.handle_error_response(None, error)
        return reply
    return Consent(grant.request.client.row, grant.redirect_uri, tuple(grant.request.scope.split()))


def consent_outcome(asked: Asked, known: Known, now: datetime, staff_id: int | None) -> Outcome:
    """The redirect with a code, or with `access_denied` where nobody consents."""
    server = _Server(known, now)
    request = server.create_oauth2_request(asked)
    grant = server.get_authorization_grant(request)
    reply = server.create_authorization_response(request, staff_id, grant)
    return Outcome(reply, server.wish)


def used_up() -> Reply:
    """To whoever was too late with a code or a refresh token."""
    status, body, headers = InvalidGrantError("It was used before.")()
    return status, body, list(headers)


def claimed_client(asked: Asked) -> str | None:
    """Which client a request says to come from; the proof is looked at later."""
    named = extract_basic_authorization({"Authorization": asked.authorization})[0]
    return named or asked.parameters.get("client_id")


def _worth(row: Any, client: Any) -> _Stored | None:
    """None when the client may have nothing of it any more: no scope would mean every scope."""
    stored = _Stored(row, client)
    return stored if stored.scopes else None


def _public_id(known: Known) -> str | None:
    return None if known.grant is None else known.grant.public_id
