"""Every way through the schema to something that is not for the storefront.

Each way is gone twice: by staff, to whom it must lead somewhere, and by a stranger, to whom nothing
of it may show, neither as a row, nor as a number, nor as an error that others would not get.
"""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import insert

from commerce.catalog.kinds import DeletedKind, MetafieldOwner, ProductStatus, Sluggable
from commerce.catalog.models import AttributeValue, Media, Metafield, SlugRedirect, Tombstone
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS
from tests.conftest import Ask
from tests.support.catalog import (
    make_attribute,
    make_brand,
    make_category,
    make_collection,
    make_product,
    make_variant,
)
from tests.support.inventory import make_level, make_location
from tests.support.pricing import make_price, make_price_list

HIDDEN = [ProductStatus.DRAFT, ProductStatus.HIDDEN, ProductStatus.ARCHIVED]


@dataclass(frozen=True)
class Secrets:
    """Ids by name, to be filled into a way."""

    ids: dict[str, str]

    def into(self, way: str) -> str:
        for name, id_ in self.ids.items():
            way = way.replace(f"<{name}>", id_)
        return way


async def _shop(uow: UnitOfWork, status: ProductStatus) -> Secrets:
    """One product to be seen beside one that is not, sharing whatever products share."""
    brand = await make_brand(uow)
    seen = await make_product(uow, "Shown", variants=1, brand_id=brand.id, tags=["red"])
    product = await make_product(
        uow, "Secret", status=status, brand_id=brand.id, tags=["red"], vendor="secret vendor"
    )
    variant = await make_variant(uow, product, sku="secret-sku", barcode="secret-code")
    media = await _row(uow, Media, product_id=product.id, url="secret.jpg")
    category = await make_category(uow, "Shirts", seen, product)
    collection = await make_collection(uow, "Summer", seen, product)
    made_of = await make_attribute(uow, "made_of", filterable=True)
    for owner, text in ((seen, "wool"), (product, "secret fibre")):
        await uow.change(
            insert(AttributeValue).values(
                product_id=owner.id, attribute_id=made_of.id, text_value=text
            )
        )
    for kind, owner in ((MetafieldOwner.PRODUCT, product), (MetafieldOwner.VARIANT, variant)):
        field = {"namespace": "erp", "key": "code", "value": "secret", "public": True}
        await uow.change(insert(Metafield).values(owner_kind=kind, owner_id=owner.id, **field))
    await uow.change(
        insert(SlugRedirect).values(
            kind=Sluggable.PRODUCT, slug="former-secret", target_id=product.id
        )
    )
    await uow.change(insert(Tombstone).values(kind=DeletedKind.PRODUCT, resource_id=product.id))
    prices = await make_price_list(uow, is_default=True)
    price = await make_price(uow, prices, variant, "666")
    location = await make_location(uow)
    await make_level(uow, variant, location, 5)
    return Secrets(
        {
            "product": global_id("Product", product.id),
            "variant": global_id("ProductVariant", variant.id),
            "media": global_id("Media", media.id),
            "price": global_id("Price", price.id),
            "prices": global_id("PriceList", prices.id),
            "location": global_id("StockLocation", location.id),
            "brand": global_id("Brand", brand.id),
            "category": global_id("Category", category.id),
            "collection": global_id("Collection", collection.id),
        }
    )


async def _row(uow: UnitOfWork, model: Any, **values: Any) -> Any:
    row = await uow.row(insert(model).values(**values).returning(model.__table__.c.id))
    assert row is not None
    return row


SEEN = "{ nodes { __typename slug } }"
WAYS = [
    'node(id: "<product>") { ... on Product { slug } }',
    'node(id: "<variant>") { ... on ProductVariant { sku } }',
    'node(id: "<variant>") { ... on ProductVariant { product { slug } } }',
    'node(id: "<media>") { ... on Media { url } }',
    'node(id: "<media>") { ... on Media { product { slug } } }',
    'node(id: "<product>") { ... on HasMetafields { metafields { nodes { value } } } }',
    'node(id: "<variant>") { ... on HasMetafields { metafield(namespace: "erp", key: "code") '
    "{ value } } }",
    'nodes(ids: ["<product>", "<variant>", "<media>"]) { id }',
    'product(id: "<product>") { slug }',
    'product(slug: "secret") { slug }',
    'product(slug: "former-secret") { slug }',
    'variant(id: "<variant>") { sku }',
    'variant(sku: "secret-sku") { sku }',
    'media(productId: "<product>") { nodes { url } }',
    "media { nodes { url } totalCount { count } }",
    'brand(id: "<brand>") { products { nodes { slug } totalCount { count } } }',
    'category(id: "<category>") { products { nodes { slug } totalCount { count } } }',
    'category(id: "<category>") { productCount { count } }',
    'collection(id: "<collection>") { products { nodes { slug } totalCount { count } } }',
    "products { nodes { slug } totalCount { count } }",
    "products(last: 5) { nodes { slug } }",
    f"products(where: {{ status: [DRAFT, HIDDEN, ARCHIVED] }}) {SEEN}",
    f'products(where: {{ id: {{ eq: "<product>" }} }}) {SEEN}',
    f'products(where: {{ slug: {{ eq: "secret" }} }}) {SEEN}',
    f'products(where: {{ vendor: {{ startsWith: "secret" }} }}) {SEEN}',
    f'products(where: {{ not: {{ slug: {{ eq: "shown" }} }} }}) {SEEN}',
    f'products(where: {{ or: [{{ slug: {{ eq: "secret" }} }}] }}) {SEEN}',
    f'products(where: {{ price: {{ gt: "600" }} }}) {SEEN}',
    f"products(where: {{ inStock: true, price: {{ gt: 1 }} }}) {SEEN}",
    f'products(where: {{ attributes: [{{ code: "made_of", values: ["secret fibre"] }}] }}) {SEEN}',
    "variants { nodes { sku } totalCount { count } }",
    'variants(where: { sku: { eq: "secret-sku" } }) { nodes { sku } }',
    'variants(where: { barcode: { eq: "secret-code" } }) { nodes { sku } }',
    'variants(where: { productId: { eq: "<product>" } }) { nodes { sku } }',
    'search(query: "secret") { nodes { slug } totalCount { count } }',
    'search(query: "secrte") { nodes { slug } totalCount { count } }',
    'search(query: "sec") { nodes { slug } }',
    'search(query: "", facets: [{ kind: BRAND }]) { facets { values { count } } }',
    'search(query: "", facets: [{ kind: CATEGORY }]) { facets { values { count } } }',
    'search(query: "", facets: [{ kind: AVAILABILITY }]) { facets { values { label count } } }',
    'search(query: "", facets: [{ kind: PRICE }]) { facets { values { max count } } }',
    'search(query: "", facets: [{ kind: ATTRIBUTE }]) { facets { values { label count } } }',
    # What is behind a scope is not found by its id either.
    'node(id: "<price>") { ... on Price { minQuantity } }',
    'node(id: "<prices>") { ... on PriceList { code } }',
    'node(id: "<location>") { ... on StockLocation { code } }',
]


def _without(answer: dict[str, Any], secrets: Secrets) -> None:
    told = json.dumps(answer)
    assert "secret" not in told.replace("former-secret", "")
    assert "666" not in told
    for name in ("product", "variant", "media", "price"):
        assert secrets.ids[name] not in told


@pytest.mark.parametrize("status", HIDDEN)
@pytest.mark.parametrize("way", WAYS)
async def test_no_way_leads_a_stranger_to_what_is_not_for_sale(
    ask: Ask, uow: UnitOfWork, way: str, status: ProductStatus
) -> None:
    secrets = await _shop(uow, status)
    query = f"{{ it: {secrets.into(way)} }}"
    staff, stranger = await ask(query), await ask(query, viewer=ANONYMOUS)
    assert "errors" not in staff
    assert staff != stranger, "the way must lead somewhere, or it proves nothing"
    _without(stranger, secrets)
    assert "errors" not in stranger


@pytest.mark.parametrize("status", HIDDEN)
@pytest.mark.parametrize(
    "way",
    [
        'brand(id: "<brand>") { products { totalCount { count } } }',
        'category(id: "<category>") { products { totalCount { count } } }',
        'collection(id: "<collection>") { products { totalCount { count } } }',
        "products { totalCount { count } }",
        "variants { totalCount { count } }",
        'search(query: "") { totalCount { count } }',
    ],
)
async def test_what_is_not_for_sale_is_not_counted_for_a_stranger(
    ask: Ask, uow: UnitOfWork, way: str, status: ProductStatus
) -> None:
    query = f"{{ it: {(await _shop(uow, status)).into(way)} }}"
    counts = []
    for answer in (await ask(query, viewer=ANONYMOUS), await ask(query)):
        found = answer["data"]["it"]
        counts.append(found.get("products", found)["totalCount"]["count"])
    assert counts == [1, 2]


@pytest.mark.parametrize("kind", ["BRAND", "CATEGORY", "ATTRIBUTE", "AVAILABILITY"])
async def test_facets_count_for_a_stranger_what_a_stranger_finds(
    ask_anonymously: Ask, uow: UnitOfWork, kind: str
) -> None:
    await _shop(uow, ProductStatus.DRAFT)
    query = """query ($kind: FacetKind!) {
      search(query: "", facets: [{ kind: $kind }]) { facets { values { count } } }
    }"""
    (facet,) = (await ask_anonymously(query, {"kind": kind}))["data"]["search"]["facets"]
    assert [value["count"] for value in facet["values"]] == [1]


async def test_a_price_on_request_cannot_be_found_out(ask: Ask, uow: UnitOfWork) -> None:
    prices = await make_price_list(uow, is_default=True)
    for title, amount, asked in (("Plain", "10", False), ("Asked", "666", True)):
        product = await make_product(uow, title, price_on_request=asked)
        await make_price(uow, prices, await make_variant(uow, product), amount)
    shown = (
        "{ nodes { slug priceRange { max { amount } } "
        "variants { nodes { pricing { price { amount } } } } } }"
    )
    ways = {
        f"products {shown}": "asked",
        f'products(where: {{ price: {{ gt: "600" }} }}) {shown}': None,
        'variants(where: { price: { gt: "600" } }) { nodes { product { slug } } }': None,
        'search(query: "", facets: [{ kind: PRICE }]) { facets { values { max count } } }': None,
    }
    for way, named in ways.items():
        told = json.dumps(await ask(f"{{ {way} }}", viewer=ANONYMOUS))
        assert "errors" not in told
        assert "666" not in told
        assert ("asked" in told) is (named is not None)


@pytest.mark.parametrize(
    "way",
    [
        'brand(slug: "gone") { name }',
        'category(slug: "gone") { title }',
        'collection(slug: "gone") { title }',
        "brands { nodes { slug } }",
        "categories { nodes { slug } }",
        "collections { nodes { slug } }",
        'product(slug: "shown") { brand { slug } }',
        'product(slug: "shown") { categories { nodes { slug } } }',
        'product(slug: "shown") { collections { nodes { slug } } }',
        'node(id: "<brand>") { ... on Brand { slug } }',
        'node(id: "<category>") { ... on Category { slug } }',
        'node(id: "<collection>") { ... on Collection { slug } }',
        'search(query: "", facets: [{ kind: BRAND }, { kind: CATEGORY }]) '
        "{ facets { values { label } } }",
    ],
)
async def test_what_groups_products_is_seen_by_strangers_only_while_active(
    ask: Ask, uow: UnitOfWork, way: str
) -> None:
    brand = await make_brand(uow, "Gone", active=False)
    shown = await make_product(uow, "Shown", brand_id=brand.id)
    category = await make_category(uow, "Gone", shown, active=False)
    collection = await make_collection(uow, "Gone", shown, active=False)
    secrets = Secrets(
        {
            "brand": global_id("Brand", brand.id),
            "category": global_id("Category", category.id),
            "collection": global_id("Collection", collection.id),
        }
    )
    query = f"{{ it: {secrets.into(way)} }}"
    assert "gone" in json.dumps(await ask(query)).lower()
    stranger = await ask(query, viewer=ANONYMOUS)
    assert "errors" not in stranger
    assert "gone" not in json.dumps(stranger).lower()


async def test_private_metafields_are_for_staff(ask: Ask, uow: UnitOfWork) -> None:
    product = await make_product(uow, "Shown")
    field = {"owner_kind": MetafieldOwner.PRODUCT, "owner_id": product.id, "namespace": "erp"}
    await uow.change(insert(Metafield).values(**field, key="code", value="secret", public=False))
    query = (
        '{ product(slug: "shown") { metafield(namespace: "erp", key: "code") { value } '
        "metafields { nodes { value } totalCount { count } } } }"
    )
    staff = (await ask(query))["data"]["product"]
    assert staff["metafield"] == {"value": "secret"}
    stranger = (await ask(query, viewer=ANONYMOUS))["data"]["product"]
    assert stranger == {"metafield": None, "metafields": {"nodes": [], "totalCount": {"count": 0}}}
