"""Customers, their addresses and groups from GraphQL to Cartino's JSON."""

from decimal import Decimal
from typing import Any, Final

from commerce.core.countries import locale_of
from commerce.rest.cartino.custom_data import data_of
from commerce.rest.cartino.envelope import message
from commerce.rest.cartino.paging import listed
from commerce.rest.parameters import slug_of
from commerce.rest.printing import amount, seconds, two_decimals
from commerce.rest.route import Call, Json, Node, Reply

NOTHING: Final = Decimal(0)


def customers(connection: Node, call: Call) -> Json:
    return listed(connection, call, customer_facts)


def customer(node: Node, _call: Call) -> Json:
    return {"data": customer_facts(node)}


def changed(payload: Node, call: Call) -> Json:
    return customer(payload["customer"], call)


def gone(_payload: Node, _call: Call) -> Json:
    return message("Customer deleted successfully")


def customer_facts(node: Node) -> Json:
    """What was bought is null to keys that may not read orders."""
    purchases = node.get("purchases")
    spent = None if purchases is None else _spent(purchases["spent"])
    return {
        **profile(node),
        "orders_count": purchases and purchases["ordersCount"],
        "total_spent": spent,
        "customer_group_id": node["group"]["databaseId"],
        "marketing_source": next((e["source"] for e in node["marketingConsents"]["nodes"]), None),
        "status": "blocked" if node["blocked"] else "active",
        "lifetime_value": spent,
        "last_order_at": seconds(purchases["lastPlacedAt"]) if purchases else None,
        "currency": purchases and _currency(purchases["spent"]),
        "notes": node["note"] or None,
        "tags": node["tags"],
        "data": data_of(node),
    }


def who(node: Node) -> Json:
    """What everybody is told who is told of a customer at all."""
    return {
        "id": node["databaseId"],
        "email": node["email"],
        "first_name": node["firstName"],
        "last_name": node["lastName"],
        "phone": node["phone"],
        "accepts_marketing": bool(node["acceptsEmail"]),
        "created_at": seconds(node["createdAt"]),
        "updated_at": seconds(node["updatedAt"]),
    }


def profile(node: Node) -> Json:
    """What customers say of themselves."""
    return {
        **who(node),
        "accepts_sms": bool(node["acceptsSms"]),
        "date_of_birth": node["dateOfBirth"],
        "gender": node["gender"],
        "company_name": node["company"] or None,
        "vat_number": node["taxId"],
        "tax_code": node["fiscalCode"],
        "locale": node["locale"],
    }


def statistics(node: Node, _call: Call) -> Json:
    bought = node["purchases"]
    return {
        "data": {
            "orders_count": bought["ordersCount"],
            "cancelled_orders_count": bought["canceledCount"],
            "total_spent": _spent(bought["spent"]),
            "average_order_value": _spent(bought["averageSpent"]),
            "lifetime_value": _spent(bought["spent"]),
            "currency": _currency(bought["spent"]),
            "first_order_at": seconds(bought["firstPlacedAt"]),
            "last_order_at": seconds(bought["lastPlacedAt"]),
        }
    }


def addresses(node: Node, call: Call) -> Json:
    return listed(node["addresses"], call, address_facts)


def address(payload: Node, _call: Call) -> Json:
    return {"data": address_facts(payload["address"])}


def address_gone(_payload: Node, _call: Call) -> Json:
    return message("Address deleted successfully")


def address_facts(node: Node) -> Json:
    billing, shipping = node["isDefaultBilling"], node["isDefaultShipping"]
    return {
        "id": node["databaseId"],
        "type": "billing" if billing and not shipping else "shipping",
        "first_name": node["firstName"],
        "last_name": node["lastName"],
        "company": node["company"] or None,
        "phone": node["phone"],
        "address_line_1": node["street1"],
        "address_line_2": node["street2"] or None,
        "city": node["city"],
        "state": node["region"] or None,
        "postal_code": node["postalCode"],
        "country": node["country"],
        "tax_id": node["taxId"],
        "is_default": billing or shipping,
        "is_verified": node["verifiedAt"] is not None,
        "full_name": node["name"],
        "full_address": ", ".join(node["formatted"]),
        "country_name": country_name(node["country"]),
        "notes": node["note"] or None,
    }


def country_name(code: str) -> str:
    """In English; the code itself where there is none."""
    english = locale_of("en")
    return str(english.territories.get(code, code)) if english is not None else code


def groups(connection: Node, call: Call) -> Json:
    return listed(connection, call, _group)


def group(node: Node, _call: Call) -> Json:
    return {"data": _group(node)}


def order_checked(node: Node, _call: Call) -> Json:
    flaws = node["orderFlaws"]
    return {"data": {"valid": not flaws, "errors": flaws}}


def taken(problem: Node) -> tuple[int, Json]:
    """In the documents' pattern of validation texts."""
    field = (problem["path"] or ["email"])[-1]
    errors = {field: [f"The {field} has already been taken."]}
    return 422, {"message": "The given data was invalid.", "errors": errors}


def created(node: Node, call: Call) -> Reply:
    return Reply(customer(node, call), 201)


def _group(node: Node) -> Json:
    """Groups have prices of their own here, no percentage off everything. Whether there are such
    prices is null to keys that may not read them."""
    lists, least = node.get("priceLists"), node["minSubtotal"]
    return {
        "id": node["databaseId"],
        "name": node["name"],
        "code": node["externalId"] or slug_of(node["name"]),
        "type": (node["kind"] or ("B2C" if node["builtIn"] else "")).lower() or None,
        "discount_percentage": None,
        "has_discount": None if lists is None else any(each["active"] for each in lists),
        "tax_exempt": False,
        "min_order_amount": None if least is None else two_decimals(Decimal(least)),
        "min_order_quantity": node["minQuantity"],
        "credit_terms_label": None,
        "is_active": True,
        "created_at": seconds(node["createdAt"]),
        "updated_at": seconds(node["updatedAt"]),
    }


def _spent(sums: list[Any]) -> Decimal | None:
    """In the currency that was last bought in."""
    return two_decimals(amount(sums[0]) if sums else NOTHING)


def _currency(sums: list[Any]) -> str | None:
    return sums[0]["currencyCode"] if sums else None
