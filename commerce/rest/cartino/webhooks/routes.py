"""Addresses that are told what happens, in Cartino's words: see `commerce.rest.cartino.events`."""

from typing import Any, Final

from commerce.rest.cartino.envelope import message
from commerce.rest.cartino.events import CARTINO_HOOKS
from commerce.rest.cartino.paging import PAGING, listed, window
from commerce.rest.errors import not_found
from commerce.rest.fields import Field
from commerce.rest.kinds import choice, listing, record, text
from commerce.rest.parameters import key_in_path
from commerce.rest.printing import seconds
from commerce.rest.route import Ask, Call, Json, Node, Route, Steps

TYPES: Final = {row.public_name: row.event_type.name for row in CARTINO_HOOKS.events}
PUBLIC: Final = {type_: name for name, type_ in TYPES.items()}
ONE: Final = "CartinoWebhook"
BODY: Final = record(
    Field("url", text(2_000, least=1), required=True),
    Field("events", listing(choice(*TYPES), 50, least=1), required=True),
    Field("secret", text(200), about="16 characters at least; absent, one is made."),
)


def _created(call: Call) -> dict[str, Any]:
    body = call.body
    input_ = {"url": body["url"], "format": "CARTINO"}
    input_["events"] = list(dict.fromkeys(TYPES[name] for name in body["events"]))
    return {"input": input_ | ({"secret": body["secret"]} if body.get("secret") else {})}


def _by_id(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "WebhookEndpoint")}


def _new(payload: Node, _call: Call) -> Json:
    """The secret is shown this once."""
    return {"data": {**_facts(payload["webhookEndpoint"]), "secret": payload["secret"]}}


def _one(node: Node, _call: Call) -> Json:
    """Those of other formats are none of Cartino's."""
    if node["format"] != "CARTINO":
        raise not_found()
    return {"data": _facts(node)}


def _listed(connection: Node, call: Call) -> Json:
    return listed(connection, call, _facts)


def _facts(node: Node) -> Json:
    """Without named events it is told all that Cartino tells."""
    types = PUBLIC if node["events"] is None else node["events"]
    return {
        "id": node["databaseId"],
        "url": node["url"],
        "events": [PUBLIC[type_] for type_ in types if type_ in PUBLIC],
        "is_active": node["active"],
        "created_at": seconds(node["createdAt"]),
        "updated_at": seconds(node["updatedAt"]),
    }


def _delete(call: Call) -> Steps:
    _one((yield Ask(ONE, _by_id(call))), call)
    yield Ask("CartinoWebhookDelete", {"input": _by_id(call)})
    return message("Webhook deleted successfully")


ROUTES: Final = (
    Route(
        "GET",
        "/webhooks",
        "CartinoWebhooks",
        window,
        _listed,
        query=PAGING,
        seed=False,
        about="Addresses that are told what happens",
    ),
    Route(
        "POST",
        "/webhooks",
        "CartinoWebhookCreate",
        _created,
        _new,
        status=201,
        body=BODY,
        seed=False,
        about="Have an address told what happens",
    ),
    Route("GET", "/webhooks/{id:int}", ONE, _by_id, _one, seed=False, about="An address"),
    Route(
        "DELETE",
        "/webhooks/{id:int}",
        ONE,
        flow=_delete,
        further=("CartinoWebhookDelete",),
        seed=False,
        about="Tell an address nothing any more",
    ),
)
