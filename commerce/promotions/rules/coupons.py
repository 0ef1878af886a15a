"""What a coupon can be, and codes that nobody guesses."""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import orjson

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw, words_flaw
from commerce.promotions.rules.checks import MAX_WORD, number_flaw

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another one
LENGTH: Final = 10  # 50 bits
MAX_PREFIX: Final = 40
MAX_BATCH: Final = 250


def coupon_flaw(values: Mapping[str, Any]) -> Invalid | None:
    """The first thing that is wrong with the given values."""
    if "code" in values:
        flaw = text_flaw(values["code"], MAX_WORD, "code")
        if flaw is not None:
            return flaw
    if values.get("external_id") is not None:
        flaw = text_flaw(values["external_id"], MAX_WORD, "external_id")
        if flaw is not None:
            return flaw
    return number_flaw(values.get("usage_limit"), "usage_limit")


def batch_flaw(count: int, prefix: str, reference: str) -> Invalid | None:
    if not 1 <= count <= MAX_BATCH:
        return Invalid(f"This must be from 1 to {MAX_BATCH}.", ("count",))
    flaw = words_flaw(prefix, MAX_PREFIX, "prefix")
    return flaw or text_flaw(reference, MAX_WORD, "reference")


def new_codes(prefix: str, count: int) -> list[str]:
    return [prefix + _random() for _ in range(count)]


def batch_digest(promotion_id: int, count: int, prefix: str, values: Mapping[str, Any]) -> bytes:
    """Two requests for the same coupons have the same one."""
    asked = [promotion_id, count, prefix, dict(values)]
    return sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).digest()


def _random() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
