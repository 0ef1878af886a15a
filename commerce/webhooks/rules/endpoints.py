"""What an endpoint may be."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw
from commerce.core.urls import url_flaw

MAX_ENDPOINTS: Final = 50
MAX_DESCRIPTION: Final = 500


def endpoint_flaw(values: Mapping[str, Any]) -> Invalid | None:
    """Why these cannot be an endpoint's. Whether an address is safe is said elsewhere."""
    if "url" in values:
        flaw = _address_flaw(values["url"])
        if flaw is not None:
            return flaw
    if "events" in values and values["events"] == []:
        return Invalid("Name an event, or leave them out for all.", ("events",))
    if values.get("description"):
        return text_flaw(values["description"], MAX_DESCRIPTION, "description")
    return None


def _address_flaw(url: str) -> Invalid | None:
    flaw = url_flaw(url, "url")
    if flaw is None and not url.strip().startswith(("http://", "https://")):
        return Invalid("This must be an http or https address.", ("url",))
    return flaw
