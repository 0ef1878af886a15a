"""The OpenAPI documents against a server: whatever Schemathesis makes of them, its answers are
those that they promise.

COMMERCE_TEST_CONFORMANCE_SECONDS gives each dialect more time, COMMERCE_TEST_CONFORMANCE_SEED
makes other calls.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from commerce.rest.dialects import DIALECTS
from commerce.rest.openapi.document import documented
from tests.support.databases import migrated_database
from tests.support.openapi import strict
from tests.support.servers import commerce, serving

SECONDS = int(os.environ.get("COMMERCE_TEST_CONFORMANCE_SECONDS", "10"))  # noqa: TID251  # the suite's own switch
SEED = os.environ.get("COMMERCE_TEST_CONFORMANCE_SEED", "1337")  # noqa: TID251  # as above
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
# A key that is good for Litestore is sent like one that is good for Cartino.
KEYS = {"shopkit": "X-API-KEY: {}"}
BEARER = "Authorization: Bearer {}"
# Whether what fits can be done is the shop's affair: nothing is known of another's ids, and a
# product in an order is not deleted.
WITHOUT = "positive_data_acceptance"

# The clock of the first test would count the shop that both share: making it has its own.
pytestmark = pytest.mark.timeout(SECONDS * 4 + 120, func_only=True)
SHOP_SECONDS = 300


@pytest.fixture(scope="module")
async def conforming_url(server_url: str) -> AsyncIterator[str]:
    """A shop of its own: whatever can be deleted will be."""
    async with migrated_database(server_url, "conforming") as url:
        async with asyncio.timeout(SHOP_SECONDS):
            code, _, told = await commerce("demo", "--products", "20", DATABASE_URL=url)
        assert code == 0, told
        yield url


@pytest.fixture(scope="module")
async def conforming_server(conforming_url: str) -> AsyncIterator[str]:
    async with serving(DATABASE_URL=conforming_url, REQUEST_TIMEOUT="60") as address:
        yield address


@pytest.mark.parametrize("dialect", [each.name for each in documented(DIALECTS)])
async def test_the_server_keeps_to_the_document(
    dialect: str, conforming_server: str, conforming_url: str, tmp_path: Path
) -> None:
    code, key, _ = await commerce(
        *("keys", "create", "--name", dialect, "--dialect", dialect, "--all-scopes"),
        DATABASE_URL=conforming_url,
    )
    assert code == 0
    async with httpx.AsyncClient(base_url=conforming_server, timeout=60) as client:
        document = (await client.get(f"/api/docs/{dialect}/openapi.json")).json()
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(strict(document)))
    process = await asyncio.create_subprocess_exec(
        *(SCHEMATHESIS, "run", str(file), "--url", conforming_server, "--checks", "all"),
        *("--exclude-checks", WITHOUT, "--seed", SEED, "--max-time", str(SECONDS)),
        *("-H", KEYS.get(dialect, BEARER).format(key.strip()), "--warnings", "off"),
        *("-H", f"X-Api-Dialect: {dialect}", "--continue-on-failure", "--no-color"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()[-20_000:]
