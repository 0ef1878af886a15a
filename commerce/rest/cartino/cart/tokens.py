"""How a cart is told from others: a header or a cookie, and both in the answer."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.rest.fields import Field
from commerce.rest.route import Call, Json, Node, Reply

HEADER: Final = "X-Cart-Token"
COOKIE: Final = "cart_token"
MAX_TOKEN: Final = 500
DAYS: Final = 30
READ: Final[Mapping[str, Any]] = {"headers": (HEADER,), "cookies": (COOKIE,)}

Fields = tuple[Field, ...]


def token_of(call: Call) -> str | None:
    """The header counts before the cookie."""
    sent = call.sent.get(HEADER) or call.sent.get(COOKIE)
    return sent[:MAX_TOKEN] if sent else None


def told(body: Json, cart: Node, call: Call, status: int = 200) -> Reply:
    """The answer, with the cart's token where the caller may know it."""
    token = cart["token"]
    if not token:
        return Reply(body, status)
    secure = "; Secure" if call.origin.startswith("https:") else ""
    cookie = f"{COOKIE}={token}; Path=/api; Max-Age={DAYS * 86_400}; HttpOnly; SameSite=Lax{secure}"
    return Reply(body, status, {HEADER: token, "Set-Cookie": cookie})
