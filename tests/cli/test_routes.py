import asyncio
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commerce.rest.dialects import DIALECTS
from tests.support.servers import commerce

ROOT = Path(__file__).parents[2]
LEFT = shutil.ignore_patterns("node_modules", "static", "__pycache__")


async def test_every_endpoint_is_listed_with_what_it_asks_for() -> None:
    code, out, _ = await commerce("routes")
    assert code == 0
    assert len(out.splitlines()) == sum(len(dialect.routes) for dialect in DIALECTS)
    listed = "cartino GET /api/products: CartinoProducts: a key; for all fields read_prices"
    assert listed in out


async def test_one_dialect_as_json() -> None:
    code, out, _ = await commerce("routes", "--dialect", "shopkit", "--json")
    assert code == 0
    rows = {(row["method"], row["path"], *row["when"]): row for row in json.loads(out)}
    assert {row["dialect"] for row in rows.values()} == {"shopkit"}
    row = rows["GET", "/v1/product", "id", "handle"]
    assert row["operations"] == ["ShopkitProduct"]
    further = ["read_files", "read_orders", "read_stock"]
    assert (row["scopes"], row["scopesForAllFields"]) == ([], further)


async def test_a_dialect_that_is_none_is_refused() -> None:
    code, out, notes = await commerce("routes", "--dialect", "x")
    assert (code, out) == (1, "")
    assert notes.startswith("Error: --dialect must be one of litekart, litestore")


async def test_all_of_them_can_run() -> None:
    assert await commerce("routes", "--check") == (0, "", "")


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """A copy of the product, in which a field of the schema has another name."""
    for package in ("commerce", "resolvers", "loaders"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=LEFT)
    shutil.copy(ROOT / "Makefile", tmp_path)
    file = tmp_path / "resolvers" / "catalog" / "products.py"
    text = file.read_text()
    assert "async def price_range(" in text
    file.write_text(text.replace("async def price_range(", "async def price_span("))
    yield tmp_path
    shutil.rmtree(tmp_path)


async def test_make_check_names_the_endpoint_and_the_field_that_is_gone(scratch: Path) -> None:
    assert "check-routes" in (ROOT / "Makefile").read_text().split("\ncheck:")[1].split("##")[0]
    process = await asyncio.create_subprocess_exec(
        *("make", "--assume-old=setup", "check-routes", f"VENV={Path(sys.executable).parents[1]}"),
        cwd=scratch,
        env=os.environ | {"PYTHONPATH": str(scratch)},  # noqa: TID251  # handed on
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    _, told = await process.communicate()
    assert process.returncode == 2
    assert (
        "cartino GET /api/products (cartino/operations/CartinoProducts.graphql): "
        "Cannot query field 'priceRange' on type 'Product'."
    ) in told.decode()
