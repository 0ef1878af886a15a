"""Media types of GraphQL over HTTP: what a client sends, and what it wants back."""

from functools import lru_cache
from typing import Final

from starlette.types import Scope

from commerce.http.errors import header

MODERN: Final = "application/graphql-response+json"
LEGACY: Final = "application/json"
# Each name a client may give, and what it gets for it; the first wins among equals.
OFFERS: Final = {
    MODERN: MODERN,
    LEGACY: LEGACY,
    "application/*": LEGACY,
    "*/*": LEGACY,
}
UTF8: Final = frozenset({"utf-8", "utf8"})
REMEMBERED: Final = 128


def answer_type(scope: Scope) -> str | None:
    """The media type to answer in; None when the client accepts neither."""
    given = [value for name, value in scope["headers"] if name == b"accept"]
    return _best(b",".join(given).decode("latin-1")) if given else LEGACY


def sends_json(scope: Scope) -> bool:
    """Whether the body claims to be JSON in UTF-8.

    Nothing else is taken: a browser can send other types across origins without asking first.
    """
    content_type = header(scope, b"content-type") or b""
    return _is_json(content_type.decode("latin-1"))


@lru_cache(REMEMBERED)
def _is_json(content_type: str) -> bool:
    media, parameters = _parsed(content_type)
    return media == LEGACY and parameters.get("charset", "utf-8") in UTF8


@lru_cache(REMEMBERED)
def _best(accept: str) -> str | None:
    weights: dict[str, float] = {}
    for part in accept.split(","):
        media, parameters = _parsed(part)
        if media in OFFERS and parameters.get("charset", "utf-8") in UTF8:
            weights[media] = _weight(parameters.get("q", "1"))
    wanted = [media for media in OFFERS if weights.get(media, 0) > 0]
    return OFFERS[max(wanted, key=lambda media: weights[media])] if wanted else None


def _parsed(text: str) -> tuple[str, dict[str, str]]:
    media, *rest = (piece.strip().lower() for piece in text.split(";"))
    pairs = (piece.partition("=") for piece in rest)
    return media, {name.strip(): value.strip().strip('"') for name, _, value in pairs}


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0
