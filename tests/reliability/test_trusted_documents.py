"""A real server that runs the documents it was given, and no others."""

from pathlib import Path

import httpx
import orjson

from commerce.http.graphql.manifest import hash_of
from tests.support.servers import commerce, serving

LISTING = "query Listing($first: Int!) { products(first: $first) { nodes { title } } }"
STALE = "query Stale { products { nodes { titel } } }"


def written(folder: Path, *texts: str) -> str:
    file = folder / "documents.json"
    file.write_bytes(orjson.dumps({hash_of(text): text for text in texts}))
    return str(file)


async def test_only_trusted_documents_run_and_metrics_name_them(
    live_url: str, tmp_path: Path
) -> None:
    file = written(tmp_path, LISTING)
    async with (
        serving(
            DATABASE_URL=live_url, TRUSTED_DOCUMENTS=file, TRUSTED_DOCUMENTS_MODE="required"
        ) as address,
        httpx.AsyncClient(base_url=address, timeout=30) as client,
    ):
        by_hash = f"/graphql?documentId=sha256:{hash_of(LISTING)}&variables=%7B%22first%22:2%7D"
        assert len((await client.get(by_hash)).json()["data"]["products"]["nodes"]) == 2
        other = await client.post("/graphql", json={"query": "{ __typename }"})
        assert other.status_code == 400
        assert other.json()["errors"][0]["extensions"]["code"] == "UNTRUSTED_DOCUMENT"
        metrics = (await client.get("/metrics")).text
        assert 'storegraph_requests_refused_total{reason="untrusted_document"} 1.0' in metrics
        assert 'storegraph_request_statements_count{operation="Listing"' in metrics


async def test_a_manifest_that_does_not_fit_the_schema_stops_the_start(
    live_url: str, tmp_path: Path
) -> None:
    file = written(tmp_path, LISTING, STALE)
    code, _, told = await commerce(
        "serve", DATABASE_URL=live_url, PORT="0", TRUSTED_DOCUMENTS=file, LOG_FORMAT="json"
    )
    assert code != 0
    assert f"{file}: the document {hash_of(STALE)} (query Stale" in told
    assert "Cannot query field 'titel' on type 'Product'" in told
    assert "Traceback" not in told
