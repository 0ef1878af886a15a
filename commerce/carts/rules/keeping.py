"""Whose current cart it is, for callers who are not buyers themselves. Pure.

A program or somebody of the shop has one open cart, and one more for each token that they send
along for a visitor of theirs: `kept_by` is the caller, `kept_for` stands for the token.
"""

from dataclasses import dataclass
from hashlib import sha256

from commerce.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Keeping:
    kept_by: str
    kept_for: str = ""


def keeping_of(viewer: Viewer, token: str | None) -> Keeping | None:
    """None for visitors of the shop: guests keep their tokens, customers have one cart anyway.

    The token may be any text, such as the one of a cart that was bought since: what is kept is no
    credential, so only a digest of it.
    """
    if viewer.in_storefront or viewer.id is None:
        return None
    return Keeping(viewer.name, "" if not token else sha256(token.encode()).hexdigest())
