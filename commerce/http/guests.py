"""Visitors who hold something without an account: the tokens of their carts and orders."""

import re
from dataclasses import replace
from typing import Final

from starlette.types import Scope

from commerce.core.problems import BadInputError
from commerce.core.viewer import Viewer, ViewerKind

HEADER: Final = b"x-guest-token"
TOKEN: Final = re.compile(rb"[A-Za-z0-9_-]{22,128}")  # 22 of 64 letters carry 128 bits
MAX_TOKENS: Final = 5


def with_guest_tokens(viewer: Viewer, scope: Scope) -> Viewer:
    """The viewer with the guest tokens of the request; somebody unknown is a guest by them.

    Whether a token is anybody's is found out where it is used. Raises `BadInputError` for what
    is no token: it would silently open nothing.
    """
    given = [value.strip() for name, value in scope["headers"] if name == HEADER]
    if not given:
        return viewer
    if len(given) > MAX_TOKENS or not all(TOKEN.fullmatch(value) for value in given):
        raise BadInputError(
            f"Send at most {MAX_TOKENS} X-Guest-Token headers, each of 22 to 128 URL-safe letters."
        )
    tokens = frozenset(value.decode() for value in given)
    if viewer.kind is ViewerKind.ANONYMOUS:
        return replace(viewer, kind=ViewerKind.GUEST, tokens=tokens)
    return replace(viewer, tokens=tokens)
