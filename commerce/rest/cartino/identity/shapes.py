"""Customers and their tokens as Cartino prints them to themselves."""

from commerce.rest.cartino.customers.shapes import address_facts, profile
from commerce.rest.cartino.envelope import message
from commerce.rest.cartino.paging import listed
from commerce.rest.printing import amount, seconds, two_decimals
from commerce.rest.route import Call, Json, Node

LOGGED_OUT = "Logged out successfully"
REGISTERED = "Open the link that was sent to this address to sign in"


def wrong_password(problem: Node) -> tuple[int, Json]:
    return 401, message(problem["message"])


def signed_in(tokens: Node, holder: Node) -> Json:
    return {
        "access_token": tokens["accessToken"],
        "token_type": "Bearer",
        "expires_in": tokens["accessExpiresIn"],
        "customer": {
            "id": holder["databaseId"],
            "email": holder["email"],
            "full_name": holder["name"],
        },
    }


def logged_out(_node: Node, _call: Call) -> Json:
    return message(LOGGED_OUT)


def registered(_node: Node, _call: Call) -> Json:
    """The same whether or not there is an account: the mail says it."""
    return message(REGISTERED)


def me(node: Node, _call: Call) -> Json:
    return {"data": _customer(node)}


def updated(node: Node, _call: Call) -> Json:
    return {"data": _customer(node["customer"])}


def addresses(node: Node, call: Call) -> Json:
    return listed(node["addresses"], call, address_facts)


def added(node: Node, _call: Call) -> Json:
    return {"data": address_facts(node["address"])}


def _customer(node: Node) -> Json:
    """Who pays in several currencies is told of the first alone."""
    bought = node["purchases"]
    return {
        **profile(node),
        "full_name": node["name"],
        "orders_count": bought["ordersCount"],
        "total_spent": two_decimals(amount(next(iter(bought["spent"]), None))) or 0,
        "last_order_at": seconds(bought["lastPlacedAt"]),
    }
