"""Webhooks from GraphQL to Shopkit's JSON: each is an address and one event."""

from collections.abc import Mapping
from typing import Final

from commerce.rest.errors import not_found
from commerce.rest.route import Call, Json, Node, Reply
from commerce.rest.shopkit.envelope import listed
from commerce.rest.shopkit.events import SHOPKIT_HOOKS

FORMAT: Final = "SHOPKIT"
EVENTS: Final[Mapping[str, str]] = {
    row.public_name: row.event_type.name for row in SHOPKIT_HOOKS.events
}
NAMES: Final = {type_: name for name, type_ in EVENTS.items()}


def webhooks(connection: Node, call: Call) -> Reply:
    return listed([_webhook(node) for node in connection["nodes"]], connection, call)


def webhook(node: Node, _call: Call) -> Json:
    """Those of other formats are not Shopkit's."""
    if node["format"] != FORMAT:
        raise not_found()
    return _webhook(node)


def created(node: Node, _call: Call) -> Json:
    return _webhook(node["webhookEndpoint"])


def _webhook(node: Node) -> Json:
    """One that was added elsewhere may be told of more than it can say here: the first is named,
    and none where it is told of everything."""
    names = (NAMES[type_] for type_ in node["events"] or () if type_ in NAMES)
    return {
        "id": node["databaseId"],
        "event": next(names, None),
        "url": node["url"],
        "active": node["active"],
    }
