import pytest

from commerce.core.viewer import ANONYMOUS, SYSTEM, Scope, Viewer, ViewerKind
from commerce.http.graphql.errors import RefusedError
from tests.support.shop import KEYED, shop_executor

SCOPELESS = Viewer(ViewerKind.API_KEY, 8, frozenset({Scope.READ_PRODUCTS}))
STOCK = "{ good { name items(first: 2) { nodes { sku stock } } } }"
WAYS = [
    STOCK,
    "{ good { items { edges { node { stock } } } } }",
    "{ thing { ...F } } fragment F on Item { ...G } fragment G on Item { stock }",
    "{ thing { ... on Item { stock } } }",
    "{ thing { ... on Item @skip(if: true) { hidden: stock } } }",
    "query A { viewer ...F } fragment F on Query { thing { ... on Item { stock } } }",
]


@pytest.mark.parametrize("query", WAYS)
async def test_one_field_not_allowed_refuses_the_operation_and_is_named(query: str) -> None:
    answer = await shop_executor().execute(query, viewer=ANONYMOUS)
    assert (answer.status, answer.code, answer.executed) == (401, "UNAUTHENTICATED", False)
    (error,) = answer.errors
    assert error["message"] == "Item.stock needs an API key with the scope read_stock."
    assert error["locations"][0]["line"] == 1


async def test_a_key_without_the_scope_is_told_so_too() -> None:
    answer = await shop_executor().execute(STOCK, viewer=SCOPELESS)
    assert (answer.status, answer.code) == (403, "FORBIDDEN")


@pytest.mark.parametrize("viewer", [KEYED, SYSTEM])
@pytest.mark.parametrize("query", WAYS)
async def test_a_viewer_with_the_scope_may(query: str, viewer: Viewer) -> None:
    answer = await shop_executor().execute(query, viewer=viewer)
    assert (answer.status, answer.errors) == (200, [])


async def test_only_the_operation_that_runs_counts() -> None:
    document = "query Open { viewer } query Closed { thing { ... on Item { stock } } }"
    executor = shop_executor()
    assert (await executor.execute(document, None, "Open", viewer=ANONYMOUS)).status == 200
    assert (await executor.execute(document, None, "Closed", viewer=ANONYMOUS)).status == 401


async def test_nothing_runs_when_refused() -> None:
    answer = await shop_executor().execute(
        "{ one thing { ... on Item { stock } } }", viewer=ANONYMOUS
    )
    assert (answer.statements, answer.data) == (0, None)


async def test_stored_operations_keep_the_policies() -> None:
    executor = shop_executor()
    document = executor.prepare(STOCK)
    assert (await executor.execute(document, viewer=ANONYMOUS)).status == 401
    assert (await executor.execute(document, viewer=KEYED)).status == 200


CHOICE = "query ($s: Boolean!) { thing { ...F } } fragment F on Item { stock @include(if: $s) }"


async def test_a_field_that_a_variable_leaves_out_is_not_asked_for() -> None:
    answer = await shop_executor().execute(CHOICE, {"s": False}, viewer=ANONYMOUS)
    assert (answer.status, answer.errors) == (200, [])
    refused = await shop_executor().execute(CHOICE, {"s": True}, viewer=ANONYMOUS)
    assert (refused.status, refused.executed) == (401, False)


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query ($s: Boolean! = false) { thing { ... on Item { stock @include(if: $s) } } }", {}),
        ("query ($s: Boolean!) { thing { ... on Item { stock @skip(if: $s) } } }", {"s": False}),
        (
            "query ($s: Boolean!) { thing { ... on Item { a: stock @include(if: $s) b: stock } } }",
            {"s": False},
        ),
        ("query ($s: Boolean!) { thing { ... on Item { stock @include(if: $s) } } }", {"s": 0}),
        ("{ thing { ... on Item { stock @include(if: false) } } }", {}),
        (
            "query ($s: Boolean!) { thing { ... @include(if: $s) { ...F } } }"
            " fragment F on Item { stock }",
            {"s": False},
        ),
    ],
)
async def test_nothing_else_leaves_a_field_out(query: str, variables: dict[str, object]) -> None:
    answer = await shop_executor().execute(query, variables, viewer=ANONYMOUS)
    assert (answer.status, answer.executed) == (401, False)


async def test_stored_operations_get_suggestions_in_production() -> None:
    with pytest.raises(RefusedError) as refused:
        shop_executor().prepare("{ viewe }")
    assert "Did you mean 'viewer'?" in refused.value.errors[0]["message"]
