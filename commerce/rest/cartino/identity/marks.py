"""What headers say of the API that a client means: its version, and whether it is the sandbox's."""

import re
from collections.abc import Mapping
from typing import Final

from commerce.rest.errors import Kind, Refusal

VERSION: Final = re.compile(r"application/vnd\.cartino\.(\w+)\+json", re.IGNORECASE)
SERVED: Final = "v1"
YES: Final = frozenset({"true", "1", "yes"})
SANDBOX_HOST: Final = "sandbox."

Headers = Mapping[str, str]


def check_version(headers: Headers) -> Refusal | None:
    """A client that asks for versions of the API alone must ask for the one there is."""
    asked = VERSION.findall(headers.get("Accept", ""))
    if not asked or SERVED in (version.lower() for version in asked):
        return None
    return Refusal(Kind.NOT_ACCEPTABLE, f"Only version {SERVED} is served.")


def wants_sandbox(headers: Headers) -> bool:
    """`X-Cartino-Sandbox: true`, or a host called `sandbox`."""
    asked = headers.get("X-Cartino-Sandbox", "").strip().lower()
    return asked in YES or headers.get("Host", "").lower().startswith(SANDBOX_HOST)
