"""The webhooks of every dialect that has some."""

from typing import Final

from commerce.rest.cartino.events import CARTINO_HOOKS
from commerce.rest.hooks import DialectHooks
from commerce.rest.litekart.events import LITEKART_HOOKS
from commerce.rest.litestore.events import LITESTORE_HOOKS
from commerce.rest.shopkit.events import SHOPKIT_HOOKS

HOOKS: Final[tuple[DialectHooks, ...]] = (
    LITESTORE_HOOKS,
    CARTINO_HOOKS,
    SHOPKIT_HOOKS,
    LITEKART_HOOKS,
)
