"""Who is asking, and what they may ask for."""

from dataclasses import dataclass
from enum import Enum


class Scope(Enum):
    """What an API key can be allowed to do, one read and one write scope per area."""

    READ_PRODUCTS = "read_products"
    WRITE_PRODUCTS = "write_products"
    READ_PRICES = "read_prices"
    WRITE_PRICES = "write_prices"
    READ_STOCK = "read_stock"
    WRITE_STOCK = "write_stock"


class ViewerKind(Enum):
    ANONYMOUS = "anonymous"
    API_KEY = "api_key"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller of one request.

    `dialect` names the REST dialect the caller's key was issued for; None means any.
    """

    kind: ViewerKind
    id: int | None = None
    scopes: frozenset[Scope] = frozenset()
    dialect: str | None = None
    customer_group_id: int | None = None

    def may(self, *scopes: Scope) -> bool:
        """Whether the viewer holds every one of `scopes`."""
        return self.scopes.issuperset(scopes)

    @property
    def name(self) -> str:
        """How movements and logs call the viewer: `api_key:12`."""
        return self.kind.value if self.id is None else f"{self.kind.value}:{self.id}"


ANONYMOUS = Viewer(ViewerKind.ANONYMOUS)
SYSTEM = Viewer(ViewerKind.SYSTEM, scopes=frozenset(Scope))
