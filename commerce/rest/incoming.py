"""A request as the gateway reads it, its key taken out of the address."""

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from commerce.core.call import sent_key
from commerce.rest.credentials import SESSION, authorization, secret_parameters
from commerce.rest.query import Query
from commerce.rest.route import Scheme
from commerce.rest.selector import Marks

READING = frozenset({"GET", "HEAD"})
LITEKART_STORE = "litekart_store_id="


@dataclass(frozen=True, slots=True)
class Incoming:
    """`query` still holds a key that was sent in it, for the credentials to be found."""

    method: str
    path: str
    headers: Headers
    query: Query
    origin: str
    address: str = ""

    @classmethod
    def read(cls, scope: Scope, public_url: str) -> "Incoming":
        """Takes a key out of the scope's own query string: what logs it must not see it."""
        headers = Headers(scope=scope)
        query = Query.parse(scope["query_string"])
        path: str = scope["path"]
        clean = query.without(*secret_parameters(path))
        if clean != query:
            scope["query_string"] = str(clean).encode()
        client = scope.get("client")
        return cls(
            method=scope["method"],
            path=path.removesuffix("/"),
            headers=headers,
            query=query,
            origin=public_url.rstrip("/") or _origin(scope, headers),
            address=client[0] if client else "",
        )

    def key(self) -> str | None:
        """The idempotency key of a call that changes something; raises `InvalidKeyError`.

        The documents of the dialects know of no such key, so none of them asks for one.
        """
        if self.method in READING:
            return None
        return sent_key(self.headers.getlist("Idempotency-Key"))

    def marks(self) -> Marks:
        credential = authorization(self.headers)
        cookie = self.headers.get("Cookie", "")
        return Marks(
            method=self.method,
            path=self.path,
            host=self.headers.get("Host", ""),
            header=self.headers.get("X-Api-Dialect", "").strip(),
            accept=self.headers.get("Accept", ""),
            basic=credential is not None and credential.scheme is Scheme.BASIC,
            session=credential is None and f"{SESSION}=" in cookie,
            litekart="X-Litekart-Store" in self.headers or LITEKART_STORE in cookie,
        )


def _origin(scope: Scope, headers: Headers) -> str:
    host = headers.get("Host")
    if not host:
        server = scope.get("server") or ("localhost", None)
        host = server[0] if server[1] is None else f"{server[0]}:{server[1]}"
    return f"{scope['scheme']}://{host}"
