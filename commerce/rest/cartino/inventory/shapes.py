"""Stock from GraphQL to Cartino's JSON."""

from typing import Any

from commerce.rest.cartino.paging import listed
from commerce.rest.printing import seconds
from commerce.rest.route import Call, Json, Node


def levels(connection: Node, call: Call) -> Json:
    return listed(connection, call, level_facts)


def level(node: Node, _call: Call) -> Json:
    return {"data": level_facts(node)}


def movements(connection: Node, call: Call) -> Json:
    return listed(connection, call, _movement)


def moved(node: Node, _call: Call) -> Json:
    """The first of the movements that a mutation wrote."""
    return {"data": next((_movement(each) for each in node["movements"]), None)}


def locations(connection: Node, call: Call) -> Json:
    return listed(connection, call, _location)


def item(node: Node, _call: Call) -> Json:
    """What there is of a variant, over all locations."""
    rows = node["stockLevels"]["nodes"]
    return {
        "data": {
            "id": node["databaseId"],
            "product_id": node["product"]["databaseId"],
            "variant_id": node["databaseId"],
            "sku": node["sku"],
            "quantity": sum(row["onHand"] for row in rows),
            "available_quantity": node["availability"]["quantity"] or 0,
            "reserved_quantity": sum(row["reserved"] for row in rows),
            "track_inventory": node["trackStock"],
            "is_low_stock": node["availability"]["lowStock"],
            "levels": [level_facts(row) for row in rows],
            "updated_at": seconds(node["updatedAt"]),
        }
    }


def availability(node: Node, call: Call) -> Json:
    """Stock that is not counted is always there."""
    wanted, there = call.body["quantity"], node["availability"]["quantity"]
    return {
        "data": {
            "available": there is None or there >= wanted,
            "available_quantity": wanted if there is None else there,
            "requested_quantity": wanted,
        }
    }


def level_facts(node: Node) -> Json:
    variant, location = node["variant"], node["location"]
    return {
        "id": node["databaseId"],
        "variant_id": variant and variant["databaseId"],
        "location_id": location["databaseId"],
        "location": {
            "id": location["databaseId"],
            "name": location["name"],
            "code": location["code"],
        },
        "quantity": node["onHand"],
        "available_quantity": node["available"],
        "reserved_quantity": node["reserved"],
        "available": node["available"],
        "is_low_stock": node["lowStock"],
    }


def _movement(node: Node) -> Json:
    location = node["location"]
    return {
        "id": node["databaseId"],
        "type": node["kind"].lower(),
        "quantity": node["delta"],
        "reason": node["reason"] or None,
        "location": {"id": location["databaseId"], "name": location["name"]},
        "user": _user(node["actor"]),
        "created_at": seconds(node["createdAt"]),
    }


def _user(actor: str) -> Any:
    """`api_key:7`, or a word of the server's own."""
    number = actor.rpartition(":")[2]
    return {"id": int(number) if number.isdecimal() else None, "name": actor} if actor else None


def _location(node: Node) -> Json:
    return {
        "id": node["databaseId"],
        "name": node["name"],
        "code": node["code"],
        "is_default": node["isDefault"],
        "is_active": node["active"],
        "created_at": seconds(node["createdAt"]),
        "updated_at": seconds(node["updatedAt"]),
    }
