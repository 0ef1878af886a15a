"""Relay's own compiler reads schema.graphql: connections and refetching are as Relay wants them."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.npm import REPOSITORY, installed, node

PROJECT = Path(__file__).parent / "relay"
Compile = Callable[[str], subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.timeout(600)  # the first run installs the compiler


@pytest.fixture
def compile_against(tmp_path: Path) -> Compile:
    compiler = installed(PROJECT) / "node_modules" / "relay-compiler" / "cli.js"
    shutil.copytree(PROJECT / "src", tmp_path / "src")
    shutil.copy(PROJECT / "relay.config.json", tmp_path)

    def compile_(schema: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "schema.graphql").write_text(schema)
        return node(compiler, "relay.config.json", cwd=tmp_path)

    return compile_


def schema_file() -> str:
    return (REPOSITORY / "schema.graphql").read_text()


def test_pagination_of_products_and_of_nested_variants_compiles(
    compile_against: Compile, tmp_path: Path
) -> None:
    told = compile_against(schema_file())
    assert told.returncode == 0, told.stdout + told.stderr
    assert sorted(path.name for path in (tmp_path / "src" / "__generated__").iterdir()) == [
        "ProductsPagePaginationQuery.graphql.js",
        "ProductsPageQuery.graphql.js",
        "ProductsPage_query.graphql.js",
        "VariantsOfProductPaginationQuery.graphql.js",
        "VariantsOfProduct_product.graphql.js",
    ]


@pytest.mark.parametrize(
    ("name", "broken", "complaint"),
    [
        ("endCursor", "lastCursor", "@connection used on invalid field 'variants'"),
        ("edges:", "rows:", "The type `ProductConnection` has no field `edges`"),
        ("node(", "thing(", "has a `node(id: ID): Node` field on the query type"),
    ],
)
def test_a_schema_that_relay_cannot_page_is_refused(
    compile_against: Compile, name: str, broken: str, complaint: str
) -> None:
    schema = schema_file()
    told = compile_against(schema.replace(name, broken))
    assert name in schema
    assert told.returncode == 1
    assert complaint in told.stdout + told.stderr
