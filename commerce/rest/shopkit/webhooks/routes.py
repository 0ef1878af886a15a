"""Webhooks: added, listed and removed."""

from typing import Any, Final

from commerce.rest.fields import Field
from commerce.rest.kinds import choice, flag, record, text
from commerce.rest.route import Ask, Call, Reply, Route, Steps
from commerce.rest.shopkit.keys import key
from commerce.rest.shopkit.paging import PAGING, paged
from commerce.rest.shopkit.webhooks import shapes
from commerce.rest.shopkit.webhooks.shapes import EVENTS, FORMAT

KIND: Final = "WebhookEndpoint"
ONE: Final = "/webhook/{id}"
READ: Final = "ShopkitWebhook"
MAX_URL: Final = 2_000


def by_path(call: Call) -> dict[str, Any]:
    return {"id": key(call.params["id"], KIND)}


def listed(call: Call) -> dict[str, Any]:
    where: dict[str, Any] = {"format": [FORMAT]}
    if "active" in call.args:
        where["active"] = call.args["active"]
    if "event" in call.args:
        where["event"] = EVENTS[call.args["event"]]
    return {**paged(call), "where": where}


def wanted(call: Call) -> dict[str, Any]:
    """No secret: the key's own signs what it asked for."""
    body = call.body
    return {"input": {"url": body["url"], "events": [EVENTS[body["event"]]], "format": FORMAT}}


def delete(call: Call) -> Steps:
    """Only of those that are Shopkit's."""
    id_ = key(call.params["id"], KIND)
    shapes.webhook((yield Ask(READ, {"id": id_})), call)
    yield Ask("ShopkitWebhookDelete", {"input": {"id": id_}})
    return Reply(None, 204)


ROUTES: Final = (
    Route(
        "GET",
        "/webhook",
        "ShopkitWebhooks",
        listed,
        shapes.webhooks,
        query=(Field("active", flag()), Field("event", choice(*EVENTS)), *PAGING),
        seed=False,
        about="Webhooks, the oldest first.",
    ),
    Route(
        "POST",
        "/webhook",
        "ShopkitWebhookCreate",
        wanted,
        shapes.created,
        status=201,
        body=record(
            Field("url", text(MAX_URL, least=1), required=True),
            Field("event", choice(*EVENTS), required=True),
        ),
        about="Have an address told of an event.",
    ),
    Route("GET", ONE, READ, by_path, shapes.webhook, seed=False, about="A webhook."),
    Route(
        "DELETE",
        ONE,
        "ShopkitWebhookDelete",
        flow=delete,
        further=(READ,),
        about="Tell an address nothing more.",
    ),
)
