"""`commerce explain`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.servers import commerce

QUERY = """
query Some($first: Int!) {
  products(first: $first) { nodes { title variants(first: 1) { nodes { sku } } } }
}
"""
Write = Callable[[str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a document, and answers the name of its file."""

    def write(text: str) -> str:
        file = tmp_path / "query.graphql"
        file.write_text(text)
        return str(file)

    return write


async def test_a_query_is_shown_with_its_plan_source_statements_and_cost(
    live_url: str, write: Write
) -> None:
    code, shown, told = await commerce(
        "explain", write(QUERY), "--variables", '{"first": 3}', DATABASE_URL=live_url
    )
    assert (code, told) == (0, "")
    for part in (
        "products: ProductConnection!, called",
        "sku: String, column sku",
        "def bind(context, infos, arguments, first, later):",
        "1. SELECT products.id",
        "statements, compiled",
    ):
        assert part in shown


@pytest.mark.parametrize(
    ("text", "options", "reason"),
    [
        ("{ nothing }", (), "Cannot query field 'nothing'"),
        (
            "mutation { a: cartCreate(input: {}) { userErrors { code } } }",
            (),
            "Only queries can be explained",
        ),
        (QUERY, ("--variables", "[1]"), "The variables must be a JSON object."),
        ("query A { __typename } query B { __typename }", (), "operationName"),
    ],
)
async def test_what_cannot_be_explained_is_told_why(
    live_url: str, write: Write, text: str, options: tuple[str, ...], reason: str
) -> None:
    code, _, told = await commerce("explain", write(text), *options, DATABASE_URL=live_url)
    assert code == 1
    assert reason in told


async def test_a_file_that_is_not_there(live_url: str, tmp_path: Path) -> None:
    code, _, told = await commerce("explain", str(tmp_path / "none"), DATABASE_URL=live_url)
    assert code == 1
    assert "no such file" in told
