"""The words of API keys as GraphQL enums; types import them from here, so that they are."""

from enum import Enum

from commerce.staff.rules.key_states import KeyState
from resolvers.enums import described


class RestDialect(Enum):
    LITEKART = "litekart"
    LITESTORE = "litestore"
    CARTINO = "cartino"
    ECWID = "ecwid"
    SHOPKIT = "shopkit"


described(
    RestDialect,
    "The REST API a key is issued for; its form is that API's.",
    LITEKART="Litekart: `lk_…`.",
    LITESTORE="Litestore: `ls_…`.",
    CARTINO="Cartino: `sk_live_…`.",
    ECWID="Ecwid: `secret_…` and `public_…`.",
    SHOPKIT="Shopkit: 40 hexadecimal digits.",
)
described(
    KeyState,
    "What a key is good for now.",
    ACTIVE="It works, from the addresses it is for.",
    EXPIRED="Its time is over; it works again when that is prolonged.",
    REVOKED="It was made useless for good.",
)

__all__ = ["KeyState", "RestDialect"]
