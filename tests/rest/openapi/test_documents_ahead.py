"""The documents that are served are those of the tables."""

import json
from importlib.metadata import version

import httpx
import pytest

from commerce.core.exact_json import write_json
from commerce.dialect_access import DialectAccess
from commerce.rest.dialects import DIALECTS
from commerce.rest.openapi.document import OpenApi, documented
from commerce.rest.openapi.documents import HERE, file_of, printed
from commerce.rest.route import Dialect
from resolvers.schema import core_schema
from tests.support.graphql import schema
from tests.support.snapshots import assert_kept


@pytest.mark.timeout(180)
@pytest.mark.parametrize("dialect", documented(DIALECTS), ids=lambda dialect: dialect.name)
def test_a_document_is_that_of_the_table(dialect: Dialect) -> None:
    """`make snapshots` writes it."""
    core = core_schema(schema())
    made = OpenApi(dialect, core, DialectAccess(core).asked, version("storegraph")).document()
    assert_kept(file_of(dialect.name), printed(json.loads(write_json(made))).splitlines())


def test_no_document_is_left_of_a_dialect_that_has_none() -> None:
    names = {dialect.name for dialect in documented(DIALECTS)}
    assert {file.stem for file in HERE.glob("*.json")} == names


async def test_a_server_serves_them_and_makes_none(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making one takes seconds, in which all others would wait."""
    monkeypatch.delattr(OpenApi, "document")
    for dialect in documented(DIALECTS):
        found = await client.get(f"/api/docs/{dialect.name}/openapi.json")
        assert found.content == file_of(dialect.name).read_bytes()
