"""How callers name a cart."""

import re
from dataclasses import dataclass
from typing import Final

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22,128}")


@dataclass(frozen=True, slots=True)
class CartRef:
    """By its token, which is a guest's credential, or by its id, for those it belongs to.

    Neither is the open cart of the customer who is signed in or, of a guest, the one whose token
    came with the request.
    """

    token: str | None = None
    id: int | None = None

    @property
    def is_possible(self) -> bool:
        """No cart has a token that looks like anything else."""
        return self.token is None or TOKEN.fullmatch(self.token) is not None


OWN = CartRef()
