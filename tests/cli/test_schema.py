from pathlib import Path

from tests.support.servers import commerce

FILE = Path(__file__).parents[2] / "schema.graphql"


async def test_schema_graphql_is_what_the_code_says() -> None:
    code, out, _ = await commerce("schema")
    assert code == 0
    assert out == FILE.read_text()
