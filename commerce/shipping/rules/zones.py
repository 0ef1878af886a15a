"""What makes a zone good. Pure."""

from typing import Any, Final

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw

MAX_NAME: Final = 200


def zone_flaw(values: dict[str, Any]) -> Invalid | None:
    for name in ("name", "external_id"):
        if values.get(name) is not None:
            flaw = text_flaw(values[name], MAX_NAME, name)
            if flaw is not None:
                return flaw
    return None
