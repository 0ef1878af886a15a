"""Whose a key is, and how long anything lasts."""

from datetime import timedelta
from typing import Final

from commerce.core.call import InvalidKeyError, checked_key
from commerce.core.callers import caller_of
from commerce.core.viewer import Viewer, ViewerKind

# After this long a call that is still in progress is taken for dead: more than any request takes.
LEASE: Final = timedelta(seconds=60)
KEPT: Final = timedelta(hours=24)
KEPT_PAYMENTS: Final = timedelta(hours=72)
# Strangers behind one address are told apart by their keys alone.
SHORTEST_OF_STRANGERS: Final = 16
PROGRAMS: Final = frozenset({ViewerKind.API_KEY, ViewerKind.OAUTH_CLIENT})


def must_have_key(viewer: Viewer) -> bool:
    """Whether the caller is a program, which sends again what it got no answer to."""
    return viewer.kind in PROGRAMS


def is_stranger(viewer: Viewer) -> bool:
    return viewer.id is None and not viewer.tokens


def key_for(viewer: Viewer, key: str) -> str:
    """Raises `InvalidKeyError` for what this viewer cannot use as a key."""
    if is_stranger(viewer) and len(key) < SHORTEST_OF_STRANGERS:
        raise InvalidKeyError(
            "Without credentials or a guest token an idempotency key has at least "
            f"{SHORTEST_OF_STRANGERS} characters."
        )
    return checked_key(key)


def owner_of(viewer: Viewer, address: str) -> str:
    """Whose keys these are: the account's or API key's, the guest tokens', the address's."""
    if viewer.id is None and viewer.tokens:
        return " ".join(["guest", *sorted(viewer.tokens)])
    return caller_of(viewer, address)
