"""What scopes mean, of OAuth and of keys: Cartino's names for groups of ours, and ours."""

from collections.abc import Iterable, Mapping
from typing import Final

from commerce.core.viewer import Scope

# A token lives for an hour; what makes other credentials would let it live on.
NEVER_GRANTED: Final = frozenset({Scope.WRITE_STAFF, Scope.WRITE_API_KEYS})
GRANTABLE: Final = frozenset(Scope) - NEVER_GRANTED

_READ_PRODUCTS: Final = frozenset({Scope.READ_PRODUCTS, Scope.READ_PRICES})
_CARTINO: Final = {
    "products:read": _READ_PRODUCTS,
    "products:write": frozenset({Scope.WRITE_PRODUCTS, Scope.WRITE_PRICES}),
    "inventory:read": frozenset({Scope.READ_STOCK}),
    "inventory:write": frozenset({Scope.WRITE_STOCK}),
    "customers:read": frozenset({Scope.READ_CUSTOMERS}),
    "customers:write": frozenset({Scope.WRITE_CUSTOMERS}),
    # Carts are what Cartino's clients make orders of.
    "orders:read": frozenset({Scope.READ_ORDERS, Scope.READ_CARTS}),
    "orders:write": frozenset(
        {
            Scope.WRITE_ORDERS,
            Scope.WRITE_CARTS,
            Scope.CAPTURE_PAYMENTS,
            Scope.REFUND_PAYMENTS,
        }
    ),
    "admin:all": GRANTABLE,
}
MEANINGS: Final[Mapping[str, frozenset[Scope]]] = {
    **_CARTINO,
    **{scope.value: frozenset({scope}) for scope in Scope if scope in GRANTABLE},
}
# What the page that asks for consent says of each.
WORDS: Final[Mapping[str, str]] = {
    "products:read": "See all products and prices",
    "products:write": "Change products and prices",
    "inventory:read": "See stock",
    "inventory:write": "Change stock",
    "customers:read": "See customers and their addresses",
    "customers:write": "Change customers and their addresses",
    "orders:read": "See orders, payments and carts",
    "orders:write": "Change orders and carts, take payments and give money back",
    "admin:all": "Do everything you may do, except managing staff and keys",
}


def meaning(names: Iterable[str]) -> frozenset[Scope]:
    """Everything that scopes of these names allow; unknown names allow nothing."""
    return frozenset().union(*(MEANINGS.get(name, frozenset()) for name in names))


def words_for(name: str) -> str:
    """A scope in words for people: `Read audit log` for one of our own."""
    return WORDS.get(name) or name.replace("_", " ").capitalize()
