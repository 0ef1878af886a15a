"""What roles hold, and who may hand them out."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw
from commerce.core.viewer import Scope, Viewer
from commerce.staff.kinds import BuiltInRole
from commerce.staff.problems import ScopeNotHeld
from commerce.staff.rules.key_terms import scopes_of

MAX_NAME: Final = 100
EVERYTHING: Final = frozenset(Scope)

READ_ONLY: Final = frozenset(
    {
        Scope.READ_PRODUCTS,
        Scope.READ_PRICES,
        Scope.READ_STOCK,
        Scope.READ_CUSTOMERS,
        Scope.READ_SETTINGS,
        Scope.READ_PROMOTIONS,
        Scope.READ_GIFT_CARDS,
        Scope.READ_CARTS,
        Scope.READ_ORDERS,
    }
)
SUPPORT: Final = READ_ONLY | {Scope.WRITE_CUSTOMERS, Scope.WRITE_CARTS, Scope.WRITE_ORDERS}
# What the built-in roles hold at first; all but the owner's can be edited.
BUILT_IN: Final[Mapping[BuiltInRole, tuple[str, frozenset[Scope]]]] = {
    BuiltInRole.OWNER: ("Owner", frozenset()),
    BuiltInRole.MANAGER: (
        "Manager",
        EVERYTHING - {Scope.ERASE_CUSTOMERS, Scope.WRITE_STAFF, Scope.WRITE_API_KEYS},
    ),
    BuiltInRole.SUPPORT: ("Support", SUPPORT),
    BuiltInRole.READ_ONLY: ("Read-only", READ_ONLY),
}


def scopes_of_role(built_in: str | None, scopes: Iterable[str]) -> frozenset[Scope]:
    """What a role holds now. The owner's holds every scope, also those of later versions."""
    return EVERYTHING if built_in == BuiltInRole.OWNER.value else scopes_of(scopes)


def names_of(scopes: Iterable[Scope]) -> list[str]:
    """Scopes as they are stored."""
    return sorted(scope.value for scope in scopes)


def overreach(viewer: Viewer, scopes: frozenset[Scope], *path: str) -> ScopeNotHeld | None:
    """Why `viewer` cannot hand out or change what holds `scopes`; None when they hold them."""
    missing = names_of(scopes - viewer.scopes)
    if not missing:
        return None
    return ScopeNotHeld(f"You do not hold {', '.join(missing)} yourself.", path)


def role_flaw(values: Mapping[str, Any]) -> Invalid | None:
    """What is wrong with the given parts of a role."""
    return text_flaw(values["name"], MAX_NAME, "name") if "name" in values else None
