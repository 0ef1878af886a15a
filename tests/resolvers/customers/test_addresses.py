from typing import Any

import pytest
from sqlalchemy import text

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from tests.conftest import Ask
from tests.support.customers import make_address, make_customer, viewer_of

UPSERT = """mutation ($input: AddressUpsertInput!) { addressUpsert(input: $input) {
  address { id databaseId name company phone street1 street2 postalCode city region country
    isDefaultBilling isDefaultShipping formatted taxId note verifiedAt }
  userErrors { code path } } }"""
DELETE = """mutation ($input: AddressDeleteInput!) { addressDelete(input: $input) {
  deletedId userErrors { code message path } } }"""
SPRINGFIELD: dict[str, Any] = {
    "country": "us",
    "firstName": "Ada",
    "street1": "1 Main St",
    "city": "Springfield",
    "region": "Illinois",
    "postalCode": "62701",
    "phone": "(217) 555-0123",
}


async def _upsert(ask: Ask, viewer: Viewer, **input_: Any) -> Any:
    answer = await ask(UPSERT, {"input": input_}, viewer=viewer)
    assert "errors" not in answer, answer
    return answer["data"]["addressUpsert"]


async def _delete(ask: Ask, viewer: Viewer, id_: str) -> Any:
    answer = await ask(DELETE, {"input": {"id": id_}}, viewer=viewer)
    assert "errors" not in answer, answer
    return answer["data"]["addressDelete"]


async def test_an_address_is_added_changed_and_deleted(ask: Ask, uow: UnitOfWork) -> None:
    viewer = viewer_of(await make_customer(uow))
    added = (await _upsert(ask, viewer, **SPRINGFIELD))["address"]
    assert {name: added[name] for name in added if name not in ("id", "databaseId")} == {
        "name": "Ada",
        "company": "",
        "phone": "+12175550123",
        "street1": "1 Main St",
        "street2": "",
        "postalCode": "62701",
        "city": "Springfield",
        "region": "IL",
        "country": "US",
        "isDefaultBilling": True,
        "isDefaultShipping": True,
        "formatted": ["Ada", "1 Main St", "SPRINGFIELD, IL 62701", "UNITED STATES"],
        "taxId": None,
        "note": "",
        "verifiedAt": None,
    }
    changed = (await _upsert(ask, viewer, id=added["id"], street2="Apt 2"))["address"]
    assert (changed["id"], changed["street1"], changed["street2"]) == (
        added["id"],
        "1 Main St",
        "Apt 2",
    )
    deleted = await _delete(ask, viewer, added["id"])
    assert deleted == {"deletedId": added["id"], "userErrors": []}
    assert await uow.scalar(text("SELECT count(*) FROM customer_addresses")) == 0


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"country": "XX"}, ["country"]),
        ({"postalCode": "1"}, ["postalCode"]),
        ({"region": "Bavaria"}, ["region"]),
        ({"street1": ""}, ["street1"]),
        ({"phone": "x"}, ["phone"]),
        ({"firstName": "x" * 201}, ["firstName"]),
        ({"note": "x" * 1_001}, ["note"]),
        ({"taxId": "x" * 65}, ["taxId"]),
        ({"verified": True}, ["verified"]),
    ],
)
async def test_an_error_names_the_field(
    ask: Ask, uow: UnitOfWork, given: dict[str, Any], path: list[str]
) -> None:
    viewer = viewer_of(await make_customer(uow))
    refused = await _upsert(ask, viewer, **{**SPRINGFIELD, **given})
    assert refused == {"address": None, "userErrors": [{"code": "INVALID", "path": path}]}
    assert await uow.scalar(text("SELECT count(*) FROM customer_addresses")) == 0


async def test_an_address_has_a_tax_number_and_a_note(ask: Ask, uow: UnitOfWork) -> None:
    viewer = viewer_of(await make_customer(uow))
    told = {"taxId": "de 136.695.976", "note": " Ring twice. "}
    added = (await _upsert(ask, viewer, **SPRINGFIELD, **told))["address"]
    assert (added["taxId"], added["note"]) == ("DE136695976", "Ring twice.")
    again = (await _upsert(ask, viewer, **SPRINGFIELD, note="Ring once."))["address"]
    assert again == added | {"note": "Ring once."}
    gone = (await _upsert(ask, viewer, id=added["id"], taxId=None, note=""))["address"]
    assert (gone["taxId"], gone["note"], gone["street1"]) == (None, "", "1 Main St")


async def test_the_shop_finds_an_address_to_be_right_until_the_place_changes(
    ask: Ask, uow: UnitOfWork
) -> None:
    customer = await make_customer(uow)
    owner = viewer_of(customer)
    staff = Viewer(ViewerKind.STAFF, None, frozenset({Scope.READ_CUSTOMERS, Scope.WRITE_CUSTOMERS}))
    id_ = (await _upsert(ask, owner, **SPRINGFIELD))["address"]["id"]
    found = (await _upsert(ask, staff, id=id_, verified=True))["address"]
    assert found["verifiedAt"] is not None
    again = (await _upsert(ask, staff, id=id_, verified=True))["address"]
    assert again["verifiedAt"] == found["verifiedAt"]
    same = (await _upsert(ask, owner, id=id_, firstName="Augusta", city="springfield "))["address"]
    assert same["verifiedAt"] is None
    await _upsert(ask, staff, id=id_, verified=True)
    named = (await _upsert(ask, owner, id=id_, firstName="Ada", note="Second floor"))["address"]
    assert named["verifiedAt"] is not None
    moved = (await _upsert(ask, staff, id=id_, street1="2 Main St", verified=True))["address"]
    assert moved["verifiedAt"] is not None
    denied = (await _upsert(ask, staff, id=id_, verified=False))["address"]
    assert denied["verifiedAt"] is None


async def test_null_is_no_text(ask: Ask, uow: UnitOfWork) -> None:
    viewer = viewer_of(await make_customer(uow))
    answer = await ask(UPSERT, {"input": {**SPRINGFIELD, "city": None}}, viewer=viewer)
    assert [error["message"] for error in answer["errors"]] == [
        "city must not be null; leave it out to keep it."
    ]
    assert await uow.scalar(text("SELECT count(*) FROM customer_addresses")) == 0


async def test_another_s_address_reads_like_a_missing_one(ask: Ask, uow: UnitOfWork) -> None:
    ada, bob = await make_customer(uow), await make_customer(uow, "bob@shop.example")
    theirs = await make_address(uow, bob, street1="Theirs")
    ids = [
        global_id("CustomerAddress", theirs.id),
        global_id("CustomerAddress", theirs.id + 1000),
        global_id("Customer", theirs.id),
        "nonsense",
    ]
    for viewer in (viewer_of(ada), Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_CUSTOMERS}))):
        upserts = [await _upsert(ask, viewer, id=id_, street1="Mine") for id_ in ids]
        assert all(
            done == {"address": None, "userErrors": [{"code": "NOT_FOUND", "path": ["id"]}]}
            for done in upserts
        )
        first, *others = [await _delete(ask, viewer, id_) for id_ in ids]
        assert first["userErrors"][0]["code"] == "NOT_FOUND"
        assert all(done == first for done in others)
    books = [global_id("Customer", bob.id), global_id("Customer", bob.id + 1000)]
    for book in books:
        refused = await _upsert(ask, viewer_of(ada), **SPRINGFIELD, customerId=book)
        assert refused["userErrors"] == [{"code": "NOT_FOUND", "path": ["customerId"]}]
    assert await uow.scalars(text("SELECT street1 FROM customer_addresses")) == ["Theirs"]


async def test_writers_of_customers_keep_everybody_s_book(ask: Ask, uow: UnitOfWork) -> None:
    bob = await make_customer(uow, "bob@shop.example")
    writer = Viewer(ViewerKind.API_KEY, 1, frozenset({Scope.WRITE_CUSTOMERS}))
    added = await _upsert(ask, writer, **SPRINGFIELD, customerId=global_id("Customer", bob.id))
    assert added["userErrors"] == []
    nobody = await _upsert(ask, writer, **SPRINGFIELD)
    assert nobody["userErrors"] == [{"code": "INVALID", "path": ["customerId"]}]
    assert (await _delete(ask, writer, added["address"]["id"]))["userErrors"] == []


@pytest.mark.parametrize("held", [0, 99])
async def test_an_address_costs_the_same_however_many_there_are(
    ask: Ask, uow: UnitOfWork, statements: list[str], held: int
) -> None:
    ada = await make_customer(uow)
    for number in range(held):
        await make_address(uow, ada, street1=f"Weg {number}")
    statements.clear()
    values = {**SPRINGFIELD, "isDefaultBilling": True, "isDefaultShipping": True}
    assert (await _upsert(ask, viewer_of(ada), **values))["userErrors"] == []
    # The book is locked and read, two defaults are taken, one row is added, the book is dated,
    # and others are told.
    assert len(statements) == 7
