"""A walk through every endpoint, in an order in which each of them finds what it needs."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
from typing import Any, Final

from commerce.core.viewer import Scope
from tests.support.files import picture

EMAIL: Final = "ada@shop.test"
HASH: Final = md5(EMAIL.encode(), usedforsecurity=False).hexdigest()
ONE_PIXEL: Final = b64encode(picture(1, 1)).decode()
BOWL: Final = {"title": "Bowl", "price": 10, "categories": ["{category}"]}
WEBHOOK: Final = {"url": "https://www.mysite.com/hook", "event": "order_created"}
COUPON: Final = {
    "code": "ten",
    "limit": 5,
    "value": 10,
    "type": "percent",
    "applies_to": "all_orders",
}


@dataclass(frozen=True)
class Step:
    """A call below `/v1` that is answered well; `keeps` is what the id in its answer is called.

    `{product}` in a path, or as a text in a body, is the id that was kept by that name. A key may
    do without the scopes that are `spared`, though its operations ask for them.
    """

    method: str
    path: str
    sent: Any = None
    status: int = 200
    keeps: str = ""
    spared: tuple[Scope, ...] = ()


OPTION: Final = "/product/{product}/option/{option}"
GROUPS: Final = "/product/{product}/option_group"
BULK: Final = (Scope.READ_ORDERS, Scope.READ_CUSTOMERS, Scope.WRITE_ORDERS)

STEPS: Final = (
    Step("GET", "", spared=(Scope.READ_PRICES,)),
    Step("GET", "/store", spared=(Scope.READ_PRICES,)),
    Step("POST", "/category", {"title": "Kitchen"}, 201, "category"),
    Step("POST", "/brand", {"title": "Acme", "handle": "acme"}, 201, "brand"),
    Step("POST", "/product", BOWL, 201, "product"),
    Step("POST", GROUPS, {"title": "Size", "options": ["S", "M"]}, 201, "group"),
    Step("POST", "/client", {"email": EMAIL, "name": "Ada"}, 201, "client"),
    Step("POST", "/media", {"file": ONE_PIXEL}, 201),
    Step("POST", "/coupon", COUPON, 201, "coupon"),
    Step("POST", "/webhook", WEBHOOK, 201, "webhook"),
    Step("POST", "/order/{order}/invoice", None, 201),
    Step("GET", "/product/search?query=bowl"),
    Step("GET", "/product?id={product}"),
    Step("GET", "/product?handle=bowl"),
    Step("GET", "/product"),
    Step("GET", "/product/{product}"),
    Step("GET", "/product/bowl"),
    Step("GET", GROUPS),
    Step("GET", GROUPS + "/{group}"),
    Step("GET", "/product/{product}/option", keeps="option"),
    Step("GET", OPTION),
    Step("GET", "/category?id={category}"),
    Step("GET", "/category?handle=kitchen"),
    Step("GET", "/category"),
    Step("GET", "/category/{category}"),
    Step("GET", "/category/kitchen"),
    Step("GET", "/brand?id={brand}"),
    Step("GET", "/brand?handle=acme"),
    Step("GET", "/brand"),
    Step("GET", "/brand/{brand}"),
    Step("GET", "/brand/acme"),
    Step("GET", "/client"),
    Step("GET", f"/client/{HASH}"),
    Step("GET", "/media", keeps="media"),
    Step("GET", "/media/{media}"),
    Step("GET", "/shipment/carrier"),
    Step("GET", "/shipment"),
    Step("GET", "/stats"),
    Step("GET", "/stats/resume"),
    Step("GET", "/stats/orders"),
    Step("GET", "/order?id={order}"),
    Step("GET", "/order", spared=(Scope.READ_PROMOTIONS,)),
    Step("GET", "/order/{order}"),
    Step("GET", "/shipping?country_code=prt"),
    Step("GET", "/coupon?id={coupon}"),
    Step("GET", "/coupon?code=ten"),
    Step("GET", "/coupon/{coupon}"),
    Step("GET", "/coupon/ten"),
    Step("GET", "/webhook"),
    Step("GET", "/webhook/{webhook}"),
    Step("PUT", OPTION, {"weight": 300}),
    Step("PUT", GROUPS + "/{group}", {"title": "Width"}),
    Step("PUT", "/product/{product}", {"title": "Big bowl"}),
    Step("PUT", "/category/{category}", {"title": "Kitchens"}),
    Step("PUT", "/brand/{brand}", {"title": "Acmes"}),
    Step("PUT", "/client/{client}", {"company": "Engines"}),
    Step("PUT", "/coupon/{coupon}", {"limit": 6}),
    Step("PUT", "/order", {"paid": True}, 400, spared=BULK),
    Step(
        "PUT",
        "/order/{order}",
        {"paid": True, "note": "Fragile", "status_alias": "sent"},
        spared=(Scope.CAPTURE_PAYMENTS,),
    ),
    Step(
        "PUT",
        "/order/bulk",
        [{"id": "{order}", "note": "Solid"}],
        spared=(*BULK, Scope.CAPTURE_PAYMENTS),
    ),
    Step("PUT", "/order/bulk/invoice", ["{order}"], spared=BULK),
    Step("DELETE", OPTION, None, 204),
    Step("DELETE", GROUPS + "/{group}", None, 204),
    Step("DELETE", "/product/{product}", None, 204),
    Step("DELETE", "/category/{category}", None, 204),
    Step("DELETE", "/brand/{brand}", None, 204),
    Step("DELETE", "/client/{client}", None, 204),
    Step("DELETE", "/media/{media}", None, 204),
    Step("DELETE", "/coupon/{coupon}", None, 204),
    Step("DELETE", "/webhook/{webhook}", None, 204),
    Step("DELETE", "/order/{order}", None, 204),
)


def filled(value: Any, ids: Mapping[str, Any]) -> Any:
    """With the ids that were kept in the place of their names."""
    if isinstance(value, str):
        return value.format_map(ids) if value.startswith(("{", "/")) else value
    if isinstance(value, list):
        return [filled(each, ids) for each in value]
    if isinstance(value, dict):
        return {name: filled(each, ids) for name, each in value.items()}
    return value


def id_in(answer: Any) -> Any:
    """Of one thing, or of the first in a list."""
    while "id" not in answer:
        answer = answer[0] if isinstance(answer, list) else answer["0"]
    return answer["id"]
