"""A gateway over doors of paper: keys by their text, and one answer for every operation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette

from commerce.core.limiter import RateLimiter
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.rest.route import Credential, Doors
from commerce.rest.router import Gateway, RestOptions

LITESTORE_KEY = "ls_good"
CARTINO_KEY = "sk_live_good"
SHOPKIT_KEY = "0bb18b34ba33cb2d7c55d568353fdc6f345b8d78"
ANY_KEY = "ck_live_good"
DIALECTS = {
    LITESTORE_KEY: "litestore",
    CARTINO_KEY: "cartino",
    SHOPKIT_KEY: "shopkit",
    ANY_KEY: None,
    "ls_revoked": "litestore",
    "sk_live_revoked": "cartino",
    "lk_good": "litekart",
    "secret_good": "ecwid",
}
BEARER = {
    "litestore": {"Authorization": f"Bearer {LITESTORE_KEY}"},
    "cartino": {"Authorization": f"Bearer {CARTINO_KEY}"},
    "shopkit": {"X-API-KEY": SHOPKIT_KEY},
}
NAME = re.compile(r"(?:query|mutation)\s+(\w+)")


@dataclass
class Told:
    data: dict[str, Any] | None
    errors: Sequence[Mapping[str, Any]] = ()
    replayed: bool = False


@dataclass
class PaperShop:
    """Set `result` to what the operation finds, `errors` or `raises` to how it fails."""

    result: Any = None
    errors: Sequence[Mapping[str, Any]] = ()
    raises: Exception | None = None
    raises_on_key: Exception | None = None
    limiter: RateLimiter | None = None
    key: str | None = None
    replayed: bool = False
    executed: list[tuple[str, dict[str, Any], Viewer]] = field(default_factory=list)

    def prepare(self, text: str) -> str:
        found = NAME.search(text)
        assert found is not None
        return found[1]

    async def execute(
        self, operation: Any, variables: dict[str, Any], *, viewer: Viewer, key: str | None
    ) -> Told:
        self.executed.append((operation, variables, viewer))
        self.key = key
        if self.raises is not None:
            raise self.raises
        if self.errors:
            return Told(None, self.errors)
        return Told({"result": self.result}, replayed=self.replayed)

    async def authenticate(self, credential: Credential, dialect: str) -> Viewer | None:
        if self.raises_on_key is not None:
            raise self.raises_on_key
        key = credential.key
        if key not in DIALECTS or not key.endswith(("good", SHOPKIT_KEY)):
            return None
        return Viewer(ViewerKind.API_KEY, 1, frozenset(Scope), DIALECTS[key])

    async def key_dialect(self, credential: Credential) -> str | None:
        if self.raises_on_key is not None:
            raise self.raises_on_key
        return DIALECTS.get(credential.key)

    def doors(self) -> Doors:
        return Doors(self.prepare, self.execute, self.authenticate, self.key_dialect, self.limiter)

    @property
    def variables(self) -> dict[str, Any]:
        """Those of the last operation."""
        return self.executed[-1][1]

    def gateway(self, **options: Any) -> Gateway:
        return Gateway(self.doors(), RestOptions(**options))

    def client(self, address: str = "127.0.0.1", **options: Any) -> httpx.AsyncClient:
        return client_of(self.gateway(**options), address)


def client_of(gateway: Gateway, address: str = "127.0.0.1") -> httpx.AsyncClient:
    """A client of that address."""
    transport = httpx.ASGITransport(Starlette(routes=gateway.routes()), client=(address, 50_000))
    return httpx.AsyncClient(transport=transport, base_url="http://shop.test")


def empty_list() -> dict[str, Any]:
    """What a list operation answers when there is nothing."""
    return {
        "nodes": [],
        "pageInfo": {"hasNextPage": False, "endCursor": None},
        "totalCount": {"count": 0},
    }
