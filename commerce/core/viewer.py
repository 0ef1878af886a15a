"""Who is asking, and what they may ask for."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final


class Scope(Enum):
    """What staff and API keys can be allowed to do, one read and one write scope per area."""

    READ_PRODUCTS = "read_products"
    WRITE_PRODUCTS = "write_products"
    READ_PRICES = "read_prices"
    WRITE_PRICES = "write_prices"
    READ_STOCK = "read_stock"
    WRITE_STOCK = "write_stock"
    READ_CUSTOMERS = "read_customers"
    WRITE_CUSTOMERS = "write_customers"
    ERASE_CUSTOMERS = "erase_customers"
    READ_STAFF = "read_staff"
    WRITE_STAFF = "write_staff"
    READ_API_KEYS = "read_api_keys"
    WRITE_API_KEYS = "write_api_keys"
    READ_AUDIT_LOG = "read_audit_log"
    READ_EVENTS = "read_events"
    READ_FILES = "read_files"
    WRITE_FILES = "write_files"
    READ_JOBS = "read_jobs"
    WRITE_JOBS = "write_jobs"
    READ_WEBHOOKS = "read_webhooks"
    WRITE_WEBHOOKS = "write_webhooks"
    READ_SETTINGS = "read_settings"
    WRITE_SETTINGS = "write_settings"
    READ_PROMOTIONS = "read_promotions"
    WRITE_PROMOTIONS = "write_promotions"
    READ_GIFT_CARDS = "read_gift_cards"
    WRITE_GIFT_CARDS = "write_gift_cards"
    READ_CARTS = "read_carts"
    WRITE_CARTS = "write_carts"
    READ_ORDERS = "read_orders"
    WRITE_ORDERS = "write_orders"
    CAPTURE_PAYMENTS = "capture_payments"
    REFUND_PAYMENTS = "refund_payments"


class ViewerKind(Enum):
    ANONYMOUS = "anonymous"
    GUEST = "guest"
    CUSTOMER = "customer"
    STAFF = "staff"
    API_KEY = "api_key"
    OAUTH_CLIENT = "oauth_client"
    SYSTEM = "system"


STOREFRONT: Final = frozenset({ViewerKind.ANONYMOUS, ViewerKind.GUEST, ViewerKind.CUSTOMER})
OWNERS: Final = frozenset({ViewerKind.GUEST, ViewerKind.CUSTOMER, ViewerKind.STAFF})


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller of one request.

    `id` is the key of the customer, staff member, API key or OAuth client; `session_id` that of the
    session a person signed in with. `tokens` are those of a guest's carts and orders. `dialect`
    names the REST dialect the caller's key was issued for; None means any. `calls_per_minute` is a
    key's own rate in place of everybody's.
    """

    kind: ViewerKind
    id: int | None = None
    scopes: frozenset[Scope] = frozenset()
    dialect: str | None = None
    customer_group_id: int | None = None
    session_id: int | None = None
    tokens: frozenset[str] = frozenset()
    calls_per_minute: int | None = None

    def may(self, *scopes: Scope) -> bool:
        """Whether the viewer holds every one of `scopes`."""
        return self.scopes.issuperset(scopes)

    def within(self, scopes: frozenset[Scope]) -> "Viewer":
        """The same with no more than these rights."""
        return replace(self, scopes=self.scopes & scopes)

    @property
    def in_storefront(self) -> bool:
        """Whether this is a visitor of the shop, signed in or not, rather than its own people."""
        return self.kind in STOREFRONT

    @property
    def customer_id(self) -> int | None:
        """The customer whose own things these are; None for everybody else."""
        return self.id if self.kind is ViewerKind.CUSTOMER else None

    @property
    def sight(self) -> "Viewer":
        """This viewer as nobody in particular: for what all see alike who may do the same."""
        return Viewer(
            ViewerKind.ANONYMOUS, scopes=self.scopes, customer_group_id=self.customer_group_id
        )

    @property
    def name(self) -> str:
        """How movements and logs call the viewer: `api_key:12`."""
        return self.kind.value if self.id is None else f"{self.kind.value}:{self.id}"


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may select a field. Without scopes and `owner` it is for everybody.

    `owner` lets in everybody who can own something: which things are theirs, repositories say.
    """

    scopes: frozenset[Scope] = frozenset()
    owner: bool = False

    @property
    def is_public(self) -> bool:
        return not self.scopes and not self.owner

    def allows(self, viewer: Viewer) -> bool:
        if self.owner:
            holds = bool(self.scopes) and viewer.may(*self.scopes)
            return viewer.kind in OWNERS or holds
        return viewer.may(*self.scopes)


PUBLIC: Final = Policy()
ANONYMOUS: Final = Viewer(ViewerKind.ANONYMOUS)
SYSTEM: Final = Viewer(ViewerKind.SYSTEM, scopes=frozenset(Scope))
