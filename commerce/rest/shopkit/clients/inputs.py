"""From what Shopkit's programs say of clients to GraphQL variables."""

import re
from collections.abc import Mapping
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.errors import not_found
from commerce.rest.fields import Field
from commerce.rest.kinds import choice, commas, day, flag, listing, record, text
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Ask, Call, Reply, Steps
from commerce.rest.shopkit.clients.shapes import WHOLESALE, client
from commerce.rest.shopkit.paging import PAGING, paged
from commerce.rest.shopkit.places import country_of

READ: Final = "ShopkitClient"
CREATE: Final = "ShopkitClientCreate"
UPDATE: Final = "ShopkitClientUpdate"
ADDRESS: Final = "ShopkitClientAddress"
BLOCK: Final = "ShopkitClientBlock"
UNBLOCK: Final = "ShopkitClientUnblock"
ERASE: Final = "ShopkitClientErase"
HASH: Final = re.compile("[0-9a-fA-F]{32}")
NOBODY: Final[Mapping[str, Any]] = {"id": {"in": []}}
FILTERS: Final = (
    Field("registered", flag(), about="Whether they can sign in."),
    Field("accepts_marketing", flag(), about="Whether they want marketing mails."),
    Field("banned", flag(), about="Whether they are kept from signing in."),
    Field("wishlist", flag(), about="true finds nobody: there are no wishlists."),
    Field(
        "wholesale",
        choice("true", "false", "pending"),
        about="Whether they sell on.",
    ),
    Field("tags", commas(text(100)), about="With all of these tags."),
    Field("q", text(200), about="Parts of names, companies and addresses."),
    *PAGING,
)
PLACE: Final = record(
    Field("name", text(200), about="Who is there."),
    Field("phone", text(50), nullable=True, about="With the country's code."),
    Field("address", text(500), about="Street and number."),
    Field("address_extra", text(500), nullable=True, about="A second line."),
    Field("zip_code", text(50), about="Postal code."),
    Field("city", text(200), about="Town."),
    Field("country_code", text(3), about="ISO 3166-1, three letters or two."),
)
FIELDS: Final = (
    Field("name", text(200), about="Given name and family name."),
    Field("company", text(200), nullable=True, about="Company."),
    Field("fiscal_id", text(50), nullable=True, about="Tax number."),
    Field("locale", text(20), nullable=True, about="The language that is written in."),
    Field("gender", text(50), nullable=True, about="Gender."),
    Field("birthday", day(), nullable=True, about="Date of birth."),
    Field("accepts_marketing", flag(), about="Whether marketing mails are welcome."),
    Field("internal_notes", text(5_000), nullable=True, about="The shop's note."),
    Field("tags", listing(text(100)), about="Words the shop sorts clients by."),
    Field("is_banned", flag(), about="Whether the client is kept from signing in."),
    Field("delivery", PLACE, about="Where things are sent."),
    Field("billing", PLACE, about="Where bills are sent."),
)
NEW: Final = record(Field("email", text(254, least=1), required=True, about="Unique."), *FIELDS)
CHANGED: Final = record(Field("email", text(254, least=1), about="Unique."), *FIELDS)
RENAMED: Final = {
    "firstName": "name",
    "lastName": "name",
    "taxId": "fiscal_id",
    "dateOfBirth": "birthday",
    "note": "internal_notes",
}
PLAIN: Final = {
    "email": "email",
    "company": "company",
    "fiscal_id": "taxId",
    "locale": "locale",
    "gender": "gender",
    "accepts_marketing": "acceptsEmail",
    "internal_notes": "note",
    "tags": "tags",
}
EMPTY: Final = ("company", "note")  # these are texts, and never null


def clients(call: Call) -> dict[str, Any]:
    args = call.args
    where: dict[str, Any] = {"erased": False}
    for name, ours in (
        ("registered", "hasPassword"),
        ("accepts_marketing", "acceptsEmail"),
        ("banned", "blocked"),
        ("q", "search"),
    ):
        if name in args:
            where[ours] = args[name]
    if args.get("tags"):
        where["tags"] = {"all": args["tags"]}
    if args.get("wishlist") or args.get("wholesale") == "pending":
        where |= NOBODY
    elif "wholesale" in args:
        sells_on = {"groupKind": [WHOLESALE]}
        where |= sells_on if args["wholesale"] == "true" else {"not": sells_on}
    return {**paged(call), "where": where}


def by_hash(call: Call) -> dict[str, Any]:
    asked = call.params["hash"]
    if not HASH.fullmatch(asked):
        raise not_found()
    return {"first": 1, "where": {"emailMd5": asked.lower()}}


def added(call: Call) -> Steps:
    payload = yield Ask(CREATE, {"input": _values(call.body)})
    node = yield from _rest(payload["customer"], call)
    return Reply([client(node)], 201)


def changed(call: Call) -> Steps:
    stored = yield from _stored(call)
    values = _values(call.body)
    if values:
        key = global_id("Customer", stored["databaseId"])
        stored = (yield Ask(UPDATE, {"input": {"id": key, **values}}))["customer"]
    return [client((yield from _rest(stored, call)))]


def erased(call: Call) -> Steps:
    """The person is forgotten; orders stay."""
    stored = yield from _stored(call)
    key = global_id("Customer", stored["databaseId"])
    yield Ask(ERASE, {"input": {"id": key, "reason": "OTHER"}})
    return Reply(None, 204)


def _stored(call: Call) -> Any:
    stored = yield Ask(READ, {"id": key_in_path(call.params["hash"], "Customer")})
    if stored["erased"]:
        raise not_found()
    return stored


def _rest(stored: Mapping[str, Any], call: Call) -> Any:
    """Addresses and the ban are said apart; the client as it is then."""
    key = global_id("Customer", stored["databaseId"])
    done = False
    for name, default, flag_ in (
        ("delivery", "defaultShippingAddress", "isDefaultShipping"),
        ("billing", "defaultBillingAddress", "isDefaultBilling"),
    ):
        if name in call.body:
            there = _own(stored, default)
            place = _place(call.body[name], name)
            known = {"id": global_id("CustomerAddress", there)} if there else {"customerId": key}
            yield Ask(ADDRESS, {"input": {**place, **known, flag_: True}})
            done = True
    banned = call.body.get("is_banned")
    if banned is not None and banned != stored["blocked"]:
        yield Ask(BLOCK if banned else UNBLOCK, {"input": {"id": key}})
        done = True
    return (yield Ask(READ, {"id": key})) if done else stored


def _own(stored: Mapping[str, Any], default: str) -> int | None:
    """The address that is only for this; one for both is left alone."""
    billing, shipping = stored["defaultBillingAddress"], stored["defaultShippingAddress"]
    if billing and shipping and billing["databaseId"] == shipping["databaseId"]:
        return None
    return stored[default]["databaseId"] if stored[default] else None


def _values(body: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {ours: body[name] for name, ours in PLAIN.items() if name in body}
    for name in EMPTY:
        if name in values:
            values[name] = values[name] or ""
    if "birthday" in body:
        values["dateOfBirth"] = body["birthday"] and body["birthday"].isoformat()
    if "name" in body:
        values |= _names(body["name"])
    return values


def _names(name: str) -> dict[str, str]:
    """The first word is the given name."""
    first, _, last = name.strip().partition(" ")
    return {"firstName": first, "lastName": last.strip()}


def _place(body: Mapping[str, Any], where: str) -> dict[str, Any]:
    place: dict[str, Any] = {
        ours: body[name] or ""
        for name, ours in (
            ("address", "street1"),
            ("address_extra", "street2"),
            ("zip_code", "postalCode"),
            ("city", "city"),
        )
        if name in body
    }
    if "phone" in body:
        place["phone"] = body["phone"] or None
    if "name" in body:
        place |= _names(body["name"])
    if "country_code" in body:
        place["country"] = country_of(body["country_code"], f"{where}.country_code")
    return place
