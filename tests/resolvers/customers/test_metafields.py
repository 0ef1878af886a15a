from typing import Any

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from tests.conftest import Ask
from tests.support.catalog import make_product
from tests.support.customers import make_customer, viewer_of

SET = """mutation ($input: MetafieldsSetInput!) { customerMetafieldsSet(input: $input) {
  metafields { key value public } userErrors { code path } } }"""
DELETE = """mutation ($input: MetafieldsDeleteInput!) { customerMetafieldsDelete(input: $input) {
  deleted userErrors { code path } } }"""
READ = """query ($id: ID!) { node(id: $id) { ... on HasMetafields {
  metafield(namespace: "erp", key: "hidden") { value }
  metafields { nodes { key } totalCount { count } } } } }"""


async def _set(ask: Ask, owner: str, **more: Any) -> Any:
    items = [
        {"ownerId": owner, "namespace": "erp", "key": key, "value": key, "public": key == "shown"}
        for key in ("hidden", "shown")
    ]
    return await ask(SET, {"input": {"metafields": items}}, **more)


async def _seen(ask: Ask, owner: str, viewer: Viewer) -> list[str]:
    found = (await ask(READ, {"id": owner}, viewer=viewer))["data"]["node"]
    keys = [node["key"] for node in found["metafields"]["nodes"]]
    assert found["metafields"]["totalCount"]["count"] == len(keys)
    assert (found["metafield"] is not None) == ("hidden" in keys)
    return keys


async def test_what_is_kept_at_a_customer_is_seen_by_its_readers_and_the_public_part_by_itself(
    ask: Ask, uow: UnitOfWork
) -> None:
    customer = await make_customer(uow)
    id_ = global_id("Customer", customer.id)
    done = (await _set(ask, id_))["data"]["customerMetafieldsSet"]
    assert done["metafields"] == [
        {"key": "hidden", "value": "hidden", "public": False},
        {"key": "shown", "value": "shown", "public": True},
    ]
    reader = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_CUSTOMERS}))
    assert await _seen(ask, id_, reader) == ["hidden", "shown"]
    assert await _seen(ask, id_, viewer_of(customer)) == ["shown"]
    both = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_CUSTOMERS, Scope.READ_PRODUCTS}))
    assert await _seen(ask, id_, both) == ["hidden", "shown"]


async def test_readers_of_customers_see_no_more_of_the_catalogue(ask: Ask, uow: UnitOfWork) -> None:
    id_ = global_id("Product", (await make_product(uow)).id)
    query = SET.replace("customerMetafieldsSet", "metafieldsSet")
    item = {"ownerId": id_, "namespace": "erp", "key": "hidden", "value": "x"}
    await ask(query, {"input": {"metafields": [item]}})
    reader = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_CUSTOMERS}))
    assert await _seen(ask, id_, reader) == []


async def test_each_mutation_writes_for_its_own_kind_of_owner(ask: Ask, uow: UnitOfWork) -> None:
    customer, product = await make_customer(uow), await make_product(uow)
    refused = {"metafields": [], "userErrors": [{"code": "NOT_FOUND", "path": PATH}]}
    answer = await _set(ask, global_id("Product", product.id))
    assert answer["data"]["customerMetafieldsSet"] == refused
    item = {"ownerId": global_id("Customer", customer.id), "namespace": "erp", "key": "x"}
    query = SET.replace("customerMetafieldsSet", "metafieldsSet")
    answer = await ask(query, {"input": {"metafields": [{**item, "value": "x"}]}})
    assert answer["data"]["metafieldsSet"] == refused


PATH = ["metafields", "0", "ownerId"]


async def test_nothing_is_kept_at_a_customer_who_is_no_more(ask: Ask, uow: UnitOfWork) -> None:
    erased = await make_customer(uow, erased_at=system_clock())
    for key in (erased.id, 404):
        done = (await _set(ask, global_id("Customer", key)))["data"]["customerMetafieldsSet"]
        assert done == {"metafields": [], "userErrors": [{"code": "NOT_FOUND", "path": PATH}]}


async def test_metafields_of_a_customer_are_deleted(ask: Ask, uow: UnitOfWork) -> None:
    id_ = global_id("Customer", (await make_customer(uow)).id)
    await _set(ask, id_)
    keys = [{"ownerId": id_, "namespace": "erp", "key": key} for key in ("hidden", "none")]
    done = await ask(DELETE, {"input": {"metafields": keys}})
    assert done["data"]["customerMetafieldsDelete"] == {"deleted": 1, "userErrors": []}
