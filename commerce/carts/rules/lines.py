"""How much may be in a cart, and what may be asked for with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from commerce.core.problems import Invalid, Path
from commerce.core.text import UNSTORABLE

MAX_LINES: Final = 100
MAX_QUANTITY: Final = 9_999
MAX_EXTRA_FIELDS: Final = 50
MAX_EXTRA_BYTES: Final = 4_000
MAX_EXTRA_DEPTH: Final = 4
TOO_MANY: Final = f"A line has at most {MAX_QUANTITY} units."
ONE_PER_ORDER: Final = "An order has but one of these."


@dataclass(frozen=True, slots=True)
class NewLine:
    """Units of a variant. Lines of a variant with other `extra_fields` are other lines."""

    variant_id: int
    quantity: int
    extra_fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> bytes:
        if not self.extra_fields:
            return b""
        text = json.dumps(self.extra_fields, sort_keys=True, ensure_ascii=False)
        return sha256(text.encode()).digest()


def merged(lines: Sequence[NewLine]) -> list[NewLine]:
    """The same thing named twice is one line; in the order of first mention."""
    found: dict[tuple[int, bytes], NewLine] = {}
    for line in lines:
        same = found.get((line.variant_id, line.digest))
        units = line.quantity + (0 if same is None else same.quantity)
        found[line.variant_id, line.digest] = NewLine(line.variant_id, units, line.extra_fields)
    return list(found.values())


def lines_flaw(lines: Sequence[NewLine]) -> Invalid | None:
    """Why these cannot be added to any cart."""
    if len(lines) > MAX_LINES:
        return Invalid(f"A cart has at most {MAX_LINES} lines.", ("lines",))
    for place, line in enumerate(lines):
        path = ("lines", str(place))
        flaw = quantity_flaw(line.quantity, 1, *path, "quantity") or extra_flaw(
            line.extra_fields, *path, "extra_fields"
        )
        if flaw is not None:
            return flaw
    return None


def quantity_flaw(quantity: int, least: int, *path: str) -> Invalid | None:
    if quantity < least:
        return Invalid(f"The quantity must be {least} or more.", path)
    return Invalid(TOO_MANY, path) if quantity > MAX_QUANTITY else None


def extra_flaw(value: Any, *path: str) -> Invalid | None:
    """Why these are no extra fields: an object, not too large, of what can be stored."""
    if not isinstance(value, Mapping):
        return Invalid("This must be an object.", path)
    if len(value) > MAX_EXTRA_FIELDS or not _shallow(value, MAX_EXTRA_DEPTH):
        return Invalid("This is too large or too deep.", path)
    if not _storable(value):
        return Invalid("This has characters that no text can have.", path)
    if len(json.dumps(value, ensure_ascii=False).encode()) > MAX_EXTRA_BYTES:
        return Invalid(f"This must have at most {MAX_EXTRA_BYTES} bytes.", path)
    return None


def _shallow(value: Any, levels: int) -> bool:
    if not isinstance(value, Mapping | list):
        return True
    parts = value.values() if isinstance(value, Mapping) else value
    return levels > 0 and all(_shallow(part, levels - 1) for part in parts)


def _storable(value: Any) -> bool:
    if isinstance(value, str):
        return UNSTORABLE.search(value) is None
    if isinstance(value, Mapping):
        return all(_storable(part) for pair in value.items() for part in pair)
    return all(map(_storable, value)) if isinstance(value, list) else True


def line_path(id_: int) -> Path:
    """Where a warning about a line points."""
    return ("lines", str(id_))
