from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from tests.conftest import Ask
from tests.support.customers import (
    make_address,
    make_contact,
    make_customer,
    make_extra_field,
    make_group,
    viewer_of,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LIST = """
query ($where: CustomerWhere, $orderBy: [CustomerOrder!], $first: Int = 20, $after: String) {
  customers(where: $where, orderBy: $orderBy, first: $first, after: $after) {
    nodes { email } pageInfo { endCursor hasNextPage } totalCount { count } } }"""


@pytest.fixture
async def people(uow: UnitOfWork) -> dict[str, Any]:
    """Ada, Émile and Zoë: the first one is the oldest."""
    trade = await make_group(uow)
    ada = await make_customer(
        uow,
        "ada@shop.test",
        first_name="Ada",
        last_name="Lovelace",
        company="Engines 100%",
        phone="+491701234567",
        external_id="erp-1",
        locale="en",
        tags=["vip", "b2b"],
        group_id=trade.id,
        email_verified_at=NOON,
        password_hash="x",
        accepts_email=True,
        tax_exempt=True,
        created_at=NOON,
        updated_at=NOON + timedelta(days=9),
    )
    emile = await make_customer(
        uow,
        "Emile@Shop.test",
        first_name="Émile",
        last_name="Borel",
        tags=["vip"],
        blocked_at=NOON,
        accepts_email=False,
        accepts_sms=True,
        created_at=NOON + timedelta(days=1),
        updated_at=NOON + timedelta(days=1),
    )
    zoe = await make_customer(
        uow,
        "zoe@else.test",
        first_name="Zoë",
        last_name="_",
        created_at=NOON + timedelta(days=2),
        updated_at=NOON + timedelta(days=2),
    )
    gone = await make_customer(uow, "gone@shop.test", erased_at=NOON, created_at=NOON)
    await make_address(uow, ada, country="DE", city="Köln", postal_code="50667", region="NW")
    await make_address(uow, zoe, country="FR", city="Paris", postal_code="75001")
    return {"ada": ada, "emile": emile, "zoe": zoe, "gone": gone, "trade": trade}


async def _found(ask: Ask, where: dict[str, Any] | None, **more: Any) -> list[str]:
    answer = await ask(LIST, {"where": where, **more})
    assert "errors" not in answer, answer
    listed = answer["data"]["customers"]
    names = [node["email"].split("@")[0].lower() for node in listed["nodes"]]
    assert listed["totalCount"]["count"] == len(names)
    return names


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (None, ["zoe", "emile", "ada"]),
        ({"search": "love ada"}, ["ada"]),
        ({"search": "EMILE"}, ["emile"]),
        ({"search": "shop.test"}, ["emile", "ada"]),
        ({"search": "1701234"}, ["ada"]),
        ({"search": "100%"}, ["ada"]),
        ({"search": "_"}, ["zoe"]),
        ({"search": "  "}, ["zoe", "emile", "ada"]),
        ({"search": "ada borel"}, []),
        ({"email": {"eq": "emile@shop.TEST"}}, ["emile"]),
        ({"email": {"in": ["ADA@shop.test", "zoe@else.test"]}}, ["zoe", "ada"]),
        ({"email": {"contains": "SHOP"}}, ["emile", "ada"]),
        ({"email": {"startsWith": "e"}}, ["emile"]),
        ({"name": {"eq": "Ada Lovelace"}}, ["ada"]),
        ({"name": {"contains": "a l"}}, ["ada"]),
        ({"name": {"startsWith": "émile b"}}, ["emile"]),
        ({"company": {"contains": "engine"}}, ["ada"]),
        ({"phone": {"eq": "+491701234567"}}, ["ada"]),
        ({"phone": {"contains": "170"}}, ["ada"]),
        ({"locale": {"eq": "en"}}, ["ada"]),
        ({"externalId": {"eq": "erp-1"}}, ["ada"]),
        ({"tag": "vip"}, ["emile", "ada"]),
        ({"tags": {"all": ["vip", "b2b"]}}, ["ada"]),
        ({"tags": {"any": ["b2b", "x"]}}, ["ada"]),
        ({"country": "de"}, ["ada"]),
        ({"address": {"countryCodes": ["DE", "FR"]}}, ["zoe", "ada"]),
        ({"address": {"city": {"contains": "koln"}, "countryCodes": ["DE"]}}, ["ada"]),
        ({"address": {"city": {"eq": "Paris"}, "countryCodes": ["DE"]}}, []),
        ({"address": {"postalCode": {"startsWith": "75"}}}, ["zoe"]),
        ({"address": {"region": {"eq": "NW"}}}, ["ada"]),
        ({"hasPassword": True}, ["ada"]),
        ({"emailVerified": False}, ["zoe", "emile"]),
        ({"acceptsEmail": True}, ["ada"]),
        ({"acceptsEmail": False}, ["emile"]),
        ({"acceptsSms": True}, ["emile"]),
        ({"taxExempt": True}, ["ada"]),
        ({"blocked": True}, ["emile"]),
        ({"blocked": False}, ["zoe", "ada"]),
        ({"erased": True}, ["gone"]),
        ({"erased": False}, ["zoe", "emile", "ada"]),
        ({"groupId": {"eq": global_id("CustomerGroup", 0)}}, ["zoe", "emile"]),
        ({"groupId": {"in": []}}, []),
        ({"createdAt": {"gte": "2026-06-02T12:00:00Z"}}, ["zoe", "emile"]),
        ({"createdAt": {"lt": "2026-06-02T12:00:00Z"}}, ["ada"]),
        ({"updatedAt": {"gt": "2026-06-03T12:00:00Z"}}, ["ada"]),
        ({"or": [{"search": "ada"}, {"country": "FR"}]}, ["zoe", "ada"]),
        ({"and": [{"tag": "vip"}, {"blocked": False}]}, ["ada"]),
        ({"not": {"tag": "vip"}}, ["zoe"]),
        ({"or": []}, []),
        ({"id": {"eq": global_id("Product", 1)}}, []),
    ],
)
async def test_who_is_found(
    ask: Ask, people: dict[str, Any], where: dict[str, Any] | None, expected: list[str]
) -> None:
    assert await _found(ask, where) == expected


async def test_ids_and_groups_find_customers(ask: Ask, people: dict[str, Any]) -> None:
    ids = [global_id("Customer", people[name].id) for name in ("ada", "zoe")]
    assert await _found(ask, {"id": {"in": ids}}) == ["zoe", "ada"]
    group = global_id("CustomerGroup", people["trade"].id)
    assert await _found(ask, {"groupId": {"eq": group}}) == ["ada"]


@pytest.mark.parametrize(
    ("field", "rising"),
    [
        ("NAME", ["ada", "emile", "zoe"]),
        ("EMAIL", ["ada", "emile", "zoe"]),
        ("CREATED_AT", ["ada", "emile", "zoe"]),
        ("UPDATED_AT", ["emile", "zoe", "ada"]),
    ],
)
async def test_customers_are_sorted_and_walked_page_by_page(
    ask: Ask, people: dict[str, Any], field: str, rising: list[str]
) -> None:
    for direction, expected in (("ASC", rising), ("DESC", rising[::-1])):
        order = [{"field": field, "direction": direction}]
        assert await _found(ask, None, orderBy=order) == expected
        walked, after = [], None
        for _ in expected:
            answer = await ask(LIST, {"orderBy": order, "first": 1, "after": after})
            listed = answer["data"]["customers"]
            walked += [node["email"].split("@")[0].lower() for node in listed["nodes"]]
            after = listed["pageInfo"]["endCursor"]
        assert (walked, listed["pageInfo"]["hasNextPage"]) == (expected, False)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"where": {"search": "x" * 1001}}, "A filter takes texts of at most 1000 characters."),
        ({"where": {"tags": {"all": ["x"] * 251}}}, "A filter takes at most 250 values."),
        ({"orderBy": [{"field": "NAME"}] * 5}, "orderBy takes at most 4 items."),
        ({"first": 101}, "first must be from 1 to 100."),
    ],
)
async def test_what_no_list_is_asked_for(ask: Ask, variables: dict[str, Any], message: str) -> None:
    answer = await ask(LIST, variables)
    assert [error["message"] for error in answer["errors"]] == [message]


async def test_a_cursor_belongs_to_its_filter(ask: Ask, people: dict[str, Any]) -> None:
    page = await ask(LIST, {"first": 1})
    after = page["data"]["customers"]["pageInfo"]["endCursor"]
    answer = await ask(LIST, {"first": 1, "after": after, "where": {"tag": "vip"}})
    assert "was not issued for this list" in answer["errors"][0]["message"]


ONE = """query ($id: ID, $email: String, $externalId: String) {
  customer(id: $id, email: $email, externalId: $externalId) { email } }"""


async def test_one_customer_is_found_by_what_is_unique(ask: Ask, people: dict[str, Any]) -> None:
    ada = {"email": "ada@shop.test"}
    for given in (
        {"id": global_id("Customer", people["ada"].id)},
        {"email": "ADA@shop.test"},
        {"externalId": "erp-1"},
    ):
        assert (await ask(ONE, given))["data"] == {"customer": ada}
    for missing in ({"id": global_id("Product", people["ada"].id)}, {"email": "x"}):
        assert (await ask(ONE, missing))["data"] == {"customer": None}
    for wrong in ({}, {"email": "x", "externalId": "y"}):
        answer = await ask(ONE, wrong)
        assert answer["errors"][0]["message"] == "Give exactly one of id, email and externalId."


async def test_a_page_of_customers_costs_the_same_for_any_number_of_them(
    ask: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    query = """{ customers { nodes { name group { name } extraFields { value }
      addresses(first: 2) { nodes { city } } contacts(first: 2) { nodes { value } }
      marketingConsents(first: 1) { nodes { granted } } } totalCount { count } } }"""
    await make_extra_field(uow, "card")
    counts = []
    for number in range(4):
        customer = await make_customer(uow, f"{number}@shop.test", extra_fields={"card": "1"})
        await make_address(uow, customer)
        await make_contact(uow, customer)
        statements.clear()
        assert "errors" not in await ask(query)
        counts.append(len(statements))
    # customers, their count, groups, the fields, a page each of addresses, contacts and consents
    assert counts == [7] * 4


NODE = "query ($id: ID!) { node(id: $id) { id } }"


async def test_a_customer_sees_nothing_of_another_one(ask: Ask, uow: UnitOfWork) -> None:
    own, other = await make_customer(uow), await make_customer(uow, "eve@shop.test")
    for place, customer in enumerate((own, other)):
        contact = await make_contact(uow, customer)
        ids = [global_id("Customer", customer.id), global_id("CustomerContact", contact.id)]
        for id_ in ids:
            answer = await ask(NODE, {"id": id_}, viewer=viewer_of(own))
            assert answer["data"] == {"node": None if place else {"id": id_}}


@pytest.mark.parametrize(
    "kind", [ViewerKind.ANONYMOUS, ViewerKind.GUEST, ViewerKind.STAFF, ViewerKind.API_KEY]
)
async def test_others_without_the_scope_see_no_customer(
    ask: Ask, uow: UnitOfWork, kind: ViewerKind
) -> None:
    customer = await make_customer(uow)
    contact = await make_contact(uow, customer)
    # Even one whose own id is the customer's.
    viewer = Viewer(kind, customer.id, frozenset(set(Scope) - {Scope.READ_CUSTOMERS}))
    for id_ in (global_id("Customer", customer.id), global_id("CustomerContact", contact.id)):
        assert (await ask(NODE, {"id": id_}, viewer=viewer))["data"] == {"node": None}
