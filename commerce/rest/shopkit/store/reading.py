"""What the store is made of, read piece by piece."""

from collections.abc import Generator, Sequence
from typing import Any, Final

from commerce.rest.errors import Kind, RefusedError
from commerce.rest.route import Ask, Call, Node, Steps
from commerce.rest.shopkit.store.shapes import store

STORE: Final = "ShopkitStore"
MENUS: Final = "ShopkitMenus"
METHODS: Final = "ShopkitPaymentMethods"
PRICES: Final = "ShopkitPriceLists"
FURTHER: Final = (MENUS, METHODS, PRICES)


def get(call: Call) -> Steps:
    shop = yield Ask(STORE, {})
    menus = yield Ask(MENUS, {})
    methods = yield Ask(METHODS, {})
    lists = yield from _price_lists()
    return store(shop, menus["nodes"], methods["nodes"], lists, call)


def _price_lists() -> Generator[Ask, Any, Sequence[Node]]:
    """None for keys that read no prices."""
    try:
        lists = yield Ask(PRICES, {})
    except RefusedError as error:
        if error.refusal.kind is not Kind.FORBIDDEN:
            raise
        return ()
    nodes: Sequence[Node] = lists["nodes"]
    return nodes
