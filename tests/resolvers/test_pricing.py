from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from commerce.core.clock import Clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from tests.conftest import CURSORS, Ask
from tests.support.catalog import make_product, make_variant
from tests.support.customers import make_customer, make_group, viewer_of
from tests.support.graphql import answer
from tests.support.pricing import make_price, make_price_list

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
PRICING = """
query ($sku: String!, $quantity: Int = 1, $currency: CurrencyCode) {
  variant(sku: $sku) {
    pricing(quantity: $quantity, currency: $currency) {
      price { amount currencyCode formatted(locale: "de") }
      compareAt { amount }
      onSale
      pricesIncludeTax
      minQuantity
      validUntil
      tiers { minQuantity price { amount } }
      cost { amount }
      priceList { code }
    }
  }
}
"""
PRICE = "query ($sku: String!) { variant(sku: $sku) { pricing { price { amount } } } }"


async def _priced(uow: UnitOfWork, amount: str = "9.5", **product: Any) -> Any:
    """A variant with the sku `A` in a default list in EUR."""
    base = await make_price_list(uow, is_default=True)
    variant = await make_variant(uow, await make_product(uow, **product), sku="A")
    await make_price(uow, base, variant, amount)
    return variant


async def test_a_variant_shows_its_price_with_all_there_is_to_know(
    ask: Ask, uow: UnitOfWork
) -> None:
    base = await make_price_list(uow, is_default=True)
    sale = await make_price_list(uow, "sale", prices_include_tax=False, ends_at=NOON.replace(2999))
    variant = await make_variant(uow, await make_product(uow), sku="A")
    await make_price(uow, base, variant, "12", cost=Decimal(4))
    await make_price(uow, sale, variant, "9.5", compare_at=Decimal(12), cost=Decimal("4.25"))
    await make_price(uow, sale, variant, "8", min_quantity=10)
    found = await ask(PRICING, {"sku": "A"})
    assert found == {
        "data": {
            "variant": {
                "pricing": {
                    "price": {
                        "amount": "9.50",
                        "currencyCode": "EUR",
                        "formatted": "9,50\u00a0€",
                    },
                    "compareAt": {"amount": "12.00"},
                    "onSale": True,
                    "pricesIncludeTax": False,
                    "minQuantity": 1,
                    "validUntil": "2999-06-01T12:00:00Z",
                    "tiers": [
                        {"minQuantity": 1, "price": {"amount": "9.50"}},
                        {"minQuantity": 10, "price": {"amount": "8.00"}},
                    ],
                    "cost": {"amount": "4.25"},
                    "priceList": {"code": "sale"},
                }
            }
        }
    }


async def test_a_price_is_asked_for_by_quantity_and_currency(ask: Ask, uow: UnitOfWork) -> None:
    variant = await _priced(uow, "10")
    yen = await make_price_list(uow, "yen", currency="JPY")
    await make_price(uow, yen, variant, "1200")
    await make_price(uow, yen, variant, "1000", min_quantity=5)
    asked = [{}, {"currency": "JPY"}, {"currency": "JPY", "quantity": 5}, {"currency": "USD"}]
    found = [(await ask(PRICING, {"sku": "A", **terms}))["data"]["variant"] for terms in asked]
    prices = [one["pricing"] and one["pricing"]["price"] for one in found]
    assert [price and (price["amount"], price["currencyCode"]) for price in prices] == [
        ("10.00", "EUR"),
        ("1200", "JPY"),
        ("1000", "JPY"),
        None,
    ]


@pytest.mark.parametrize("quantity", [0, -1])
async def test_no_units_have_no_price(ask: Ask, uow: UnitOfWork, quantity: int) -> None:
    await _priced(uow)
    found = await ask(PRICING, {"sku": "A", "quantity": quantity})
    assert [error["message"] for error in found["errors"]] == ["quantity must be 1 or more."]


async def test_a_customer_of_a_group_is_shown_the_groups_price(ask: Ask, uow: UnitOfWork) -> None:
    variant = await _priced(uow, "10")
    trade = await make_price_list(uow, "trade", customer_group_id=7)
    await make_price(uow, trade, variant, "6")
    await make_group(uow, id=8)
    shown = []
    for place, group in enumerate((0, 7, 8)):
        customer = await make_customer(uow, f"{place}@shop.test", group_id=group)
        shown.append(await _shown_to(ask, viewer_of(customer)))
    assert shown == ["10.00", "6.00", "10.00"]


async def test_visitors_are_shown_what_customers_of_the_built_in_group_are(
    ask: Ask, uow: UnitOfWork
) -> None:
    variant = await _priced(uow, "10")
    general = await make_price_list(uow, "general", customer_group_id=0)
    await make_price(uow, general, variant, "9")
    trade = await make_group(uow)
    member = await make_customer(uow)
    trader = await make_customer(uow, "trader@shop.test", group_id=trade.id)
    viewers = (ANONYMOUS, viewer_of(member), viewer_of(trader))
    assert [await _shown_to(ask, viewer) for viewer in viewers] == ["9.00", "9.00", "10.00"]


@pytest.mark.parametrize("id_", [global_id("CustomerGroup", 404), global_id("Product", 1), "7"])
async def test_a_price_list_is_for_a_group_that_there_is(
    ask: Ask, uow: UnitOfWork, id_: str
) -> None:
    await make_price_list(uow, "base", is_default=True)
    stored = await make_price_list(uow, "trade")
    new = {"name": "New", "currencyCode": "EUR", "customerGroupId": id_}
    for given in (new, {"id": global_id("PriceList", stored.id), "customerGroupId": id_}):
        refused = (await ask(UPSERT, {"input": given}))["data"]["priceListUpsert"]
        assert refused == {
            "priceList": None,
            "userErrors": [{"code": "NOT_FOUND", "path": ["customerGroupId"]}],
        }


async def _shown_to(ask: Ask, viewer: Viewer) -> str:
    found = await ask(PRICE, {"sku": "A"}, viewer=viewer)
    amount: str = found["data"]["variant"]["pricing"]["price"]["amount"]
    return amount


async def test_prices_change_with_the_time_of_the_request(
    open_unit: OpenUnit, uow: UnitOfWork
) -> None:
    variant = await _priced(uow, "10")
    sale = await make_price_list(uow, "sale", starts_at=NOON, ends_at=NOON + timedelta(days=1))
    await make_price(uow, sale, variant, "8")

    async def shown_at(moment: datetime) -> str:
        clock: Clock = lambda: moment  # noqa: E731  # a clock is a function
        found = await answer(open_unit, PRICE, {"sku": "A"}, ANONYMOUS, CURSORS, clock)
        amount: str = found["data"]["variant"]["pricing"]["price"]["amount"]
        return amount

    days = [NOON + timedelta(days=number) for number in (-1, 0, 1)]
    assert [await shown_at(day) for day in days] == ["10.00", "8.00", "10.00"]


async def test_a_price_on_request_is_told_only_to_readers_of_prices(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    await _priced(uow, price_on_request=True)
    query = """{ variant(sku: "A") {
      pricing { price { amount } } product { priceRange { min { amount } } }
    } }"""
    hidden = {"pricing": None, "product": {"priceRange": None}}
    known = {
        "pricing": {"price": {"amount": "9.50"}},
        "product": {"priceRange": {"min": {"amount": "9.50"}}},
    }
    assert await ask_anonymously(query) == {"data": {"variant": hidden}}
    without = Viewer(ViewerKind.API_KEY, 1, frozenset(Scope) - {Scope.READ_PRICES})
    assert await ask(query, viewer=without) == {"data": {"variant": hidden}}
    assert await ask(query) == {"data": {"variant": known}}


async def test_a_product_shows_its_lowest_and_highest_price(
    ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    base = await make_price_list(uow, is_default=True)
    product = await make_product(uow, "Shirt")
    for key, amount in (("a", "12"), ("b", "9.5"), ("c", "11")):
        variant = await make_variant(uow, product, option_key=key)
        await make_price(uow, base, variant, amount)
    await make_product(uow, "Bare", variants=1)
    query = """query ($slug: String!, $currency: CurrencyCode) { product(slug: $slug) {
      priceRange(currency: $currency) { min { amount currencyCode } max { amount } } } }"""
    found = await ask_anonymously(query, {"slug": "shirt"})
    assert found["data"]["product"]["priceRange"] == {
        "min": {"amount": "9.50", "currencyCode": "EUR"},
        "max": {"amount": "12.00"},
    }
    for variables in ({"slug": "bare"}, {"slug": "shirt", "currency": "USD"}):
        assert (await ask_anonymously(query, variables))["data"]["product"]["priceRange"] is None


LISTING = """
query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Product {
  priceRange { min { amount } }
  variants(first: 3) { nodes { pricing { price { amount } tiers { minQuantity } } } }
} } }
"""


async def test_prices_of_1_and_50_products_cost_the_same_statements(
    ask_anonymously: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    base = await make_price_list(uow, is_default=True)
    ids = []
    for number in range(50):
        product = await make_product(uow, f"P {number}")
        ids.append(global_id("Product", product.id))
        for key in "abc":
            variant = await make_variant(uow, product, option_key=key)
            await make_price(uow, base, variant, str(number))
    for count in (1, 50):
        statements.clear()
        found = await ask_anonymously(LISTING, {"ids": ids[:count]})
        shown = [node["priceRange"]["min"]["amount"] for node in found["data"]["nodes"]]
        assert shown == [f"{number}.00" for number in range(count)]
        assert len(statements) == 5  # products, ranges, variants, prices, tiers


async def test_two_terms_in_one_request_cost_a_statement_each(
    ask: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    variant = await _priced(uow, "10")
    query = """{ variant(sku: "A") {
      one: pricing { price { amount } } again: pricing(quantity: 1) { price { amount } }
      ten: pricing(quantity: 10) { price { amount } }
    } }"""
    statements.clear()
    assert "errors" not in await ask(query)
    assert len(statements) == 3  # the variant, its price for 1, its price for 10
    assert variant.sku == "A"


SET = """
mutation ($input: PricesSetInput!) { pricesSet(input: $input) {
  prices { databaseId minQuantity price { amount currencyCode } compareAt { amount } cost { amount }
    variant { sku } }
  userErrors { code message path retryable }
} }
"""


async def test_prices_are_set_and_deleted(ask: Ask, uow: UnitOfWork) -> None:
    variant = await _priced(uow, "10")
    id_ = global_id("ProductVariant", variant.id)
    rows = [
        {"variantId": id_, "price": "8.5", "compareAt": 10, "cost": 3.2},
        {"variantId": id_, "price": "8", "minQuantity": 5},
    ]
    done = (await ask(SET, {"input": {"prices": rows}}))["data"]["pricesSet"]
    assert done["userErrors"] == []
    assert [row["price"]["amount"] for row in done["prices"]] == ["8.50", "8.00"]
    assert done["prices"][0]["compareAt"] == {"amount": "10.00"}
    assert done["prices"][0]["cost"] == {"amount": "3.20"}
    assert done["prices"][0]["variant"] == {"sku": "A"}
    again = (await ask(SET, {"input": {"prices": rows}}))["data"]["pricesSet"]
    assert again == done
    gone = [{"variantId": id_, "price": None, "minQuantity": 5}]
    assert (await ask(SET, {"input": {"prices": gone}}))["data"]["pricesSet"]["prices"] == []
    found = await ask(PRICING, {"sku": "A", "quantity": 5})
    assert found["data"]["variant"]["pricing"]["price"]["amount"] == "8.50"


@pytest.mark.parametrize(
    ("row", "code", "path"),
    [
        ({"variantId": "nonsense"}, "NOT_FOUND", ["prices", "0", "variantId"]),
        ({"variantId": global_id("Product", 1)}, "NOT_FOUND", ["prices", "0", "variantId"]),
        ({"price": "9.999"}, "INVALID", ["prices", "0", "price"]),
        ({"compareAt": "-1"}, "INVALID", ["prices", "0", "compareAt"]),
        ({"minQuantity": 0}, "INVALID", ["prices", "0", "minQuantity"]),
    ],
)
async def test_a_bad_price_is_named_and_changes_nothing(
    ask: Ask, uow: UnitOfWork, row: dict[str, Any], code: str, path: list[str]
) -> None:
    variant = await _priced(uow, "10")
    given = {"variantId": global_id("ProductVariant", variant.id), "price": "1", **row}
    done = (await ask(SET, {"input": {"prices": [given]}}))["data"]["pricesSet"]
    assert done["prices"] == []
    assert [(error["code"], error["path"]) for error in done["userErrors"]] == [(code, path)]
    found = await ask(PRICE, {"sku": "A"})
    assert found["data"]["variant"]["pricing"]["price"]["amount"] == "10.00"


async def test_a_price_must_be_given_and_250_are_the_most(ask: Ask, uow: UnitOfWork) -> None:
    variant = await _priced(uow)
    id_ = global_id("ProductVariant", variant.id)
    missing = await ask(SET, {"input": {"prices": [{"variantId": id_}]}})
    assert [one["message"] for one in missing["errors"]] == [
        "price must be given; null deletes it."
    ]
    many = [{"variantId": id_, "price": 1, "minQuantity": n + 1} for n in range(251)]
    refused = await ask(SET, {"input": {"prices": many}})
    assert [one["message"] for one in refused["errors"]] == ["prices takes at most 250 items."]
    done = await ask(SET, {"input": {"prices": many[:250]}})
    assert len(done["data"]["pricesSet"]["prices"]) == 250


UPSERT = """
mutation ($input: PriceListUpsertInput!) { priceListUpsert(input: $input) {
  priceList { id code name currencyCode customerGroupId isDefault pricesIncludeTax priority active
    startsAt endsAt version }
  userErrors { code path ... on VersionConflictError { current } }
} }
"""


async def test_a_price_list_is_added_changed_and_listed(ask: Ask, uow: UnitOfWork) -> None:
    await make_price_list(uow, "base", is_default=True)
    given = {
        "name": "Trade",
        "currencyCode": "USD",
        "customerGroupId": global_id("CustomerGroup", (await make_group(uow)).id),
        "pricesIncludeTax": False,
        "priority": 2,
        "startsAt": "2026-06-01T14:00:00+02:00",
    }
    added = (await ask(UPSERT, {"input": given}))["data"]["priceListUpsert"]["priceList"]
    assert added == {
        **given,
        "id": added["id"],
        "code": "trade",
        "isDefault": False,
        "active": True,
        "startsAt": "2026-06-01T12:00:00Z",
        "endsAt": None,
        "version": 1,
    }
    change = {"id": added["id"], "customerGroupId": None, "expectedVersion": 1}
    changed = (await ask(UPSERT, {"input": change}))["data"]["priceListUpsert"]["priceList"]
    assert changed == {**added, "customerGroupId": None, "version": 2}
    late = (await ask(UPSERT, {"input": change}))["data"]["priceListUpsert"]
    assert late["userErrors"] == [
        {"code": "VERSION_CONFLICT", "path": ["expectedVersion"], "current": 2}
    ]
    listed = await ask("{ priceLists(first: 1) { nodes { code } totalCount { count } } }")
    assert listed["data"]["priceLists"] == {
        "nodes": [{"code": "base"}],
        "totalCount": {"count": 2},
    }


async def test_a_price_list_shows_its_prices_by_variant_and_quantity(
    ask: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    lists = [await make_price_list(uow, f"list-{number}") for number in range(3)]
    product = await make_product(uow)
    one, two = [await make_variant(uow, product, option_key=key, sku=key) for key in "ab"]
    for price_list in lists:
        await make_price(uow, price_list, two, "3")
        await make_price(uow, price_list, one, "2", min_quantity=9)
        await make_price(uow, price_list, one, "1")
    query = """query ($lists: Int!) { priceLists(first: $lists) { nodes { prices(first: 2) {
      nodes { price { amount } variant { sku } } totalCount { count } pageInfo { hasNextPage }
    } } } }"""
    page = {
        "nodes": [
            {"price": {"amount": "1.00"}, "variant": {"sku": "a"}},
            {"price": {"amount": "2.00"}, "variant": {"sku": "a"}},
        ],
        "totalCount": {"count": 3},
        "pageInfo": {"hasNextPage": True},
    }
    for count in (1, 3):
        statements.clear()
        found = await ask(query, {"lists": count})
        assert found["data"]["priceLists"]["nodes"] == [{"prices": page}] * count
        assert len(statements) == 4  # lists, prices, variants, counts


async def test_price_lists_and_prices_are_nothing_to_the_storefront(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    base = await make_price_list(uow, is_default=True)
    price = await make_price(uow, base, await make_variant(uow, await make_product(uow)), "1")
    ids = [global_id("PriceList", base.id), global_id("Price", price.id)]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await ask_anonymously(query, {"ids": ids}) == {"data": {"nodes": [None, None]}}
    assert await ask(query, {"ids": ids}) == {"data": {"nodes": [{"id": id_} for id_ in ids]}}


async def test_what_another_group_pays_is_told_to_readers_of_prices(
    ask: Ask, uow: UnitOfWork
) -> None:
    variant = await _priced(uow, "9.5")
    trade = await make_group(uow)
    special = await make_price_list(uow, "trade", customer_group_id=trade.id)
    await make_price(uow, special, variant, "7")
    query = """query ($group: ID) {
      variant(sku: "A") { pricing(customerGroupId: $group) { price { amount } } } }"""
    for group, amount in ((None, "9.50"), (global_id("CustomerGroup", trade.id), "7.00")):
        found = await ask(query, {"group": group})
        assert found["data"]["variant"]["pricing"]["price"]["amount"] == amount
    other = await ask(query, {"group": global_id("Product", trade.id)})
    assert other["data"]["variant"]["pricing"] is None
    stranger = Viewer(ViewerKind.API_KEY, 2, frozenset({Scope.READ_PRODUCTS}))
    refused = await ask(query, {"group": global_id("CustomerGroup", trade.id)}, viewer=stranger)
    assert "needs the scope read_prices" in str(refused["errors"])


@pytest.mark.parametrize("variants", [1, 4])
async def test_a_variant_lists_its_prices_in_every_list(
    ask: Ask, uow: UnitOfWork, statements: list[str], variants: int
) -> None:
    base = await make_price_list(uow, is_default=True)
    sale = await make_price_list(uow, "sale")
    for place in range(variants):
        variant = await make_variant(uow, await make_product(uow, slug=f"shirt-{place}"))
        await make_price(uow, base, variant, "12")
        await make_price(uow, sale, variant, "8", min_quantity=10)
    query = """{ variants(first: 10) { nodes { prices {
      nodes { price { amount } minQuantity priceList { code } } totalCount { count } } } } }"""
    statements.clear()
    found = await ask(query)
    assert len(statements) == 4  # variants, their prices and counts, the lists
    assert found["data"]["variants"]["nodes"][0]["prices"] == {
        "nodes": [
            {"price": {"amount": "12.00"}, "minQuantity": 1, "priceList": {"code": base.code}},
            {"price": {"amount": "8.00"}, "minQuantity": 10, "priceList": {"code": "sale"}},
        ],
        "totalCount": {"count": 2},
    }
