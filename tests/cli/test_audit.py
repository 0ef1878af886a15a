"""Commands in the audit log, and letting go of what is old."""

from sqlalchemy import text

from commerce.core.pool import Database
from tests.support.servers import commerce

# Not what the database was made with.
OURS = "actor NOT LIKE 'database:%' ORDER BY id"


async def test_a_command_is_named_in_the_log(database: Database) -> None:
    made = await commerce(
        "keys", "create", "--name", "t", "--scope", "read_products", DATABASE_URL=database.url
    )
    assert made[0] == 0, made[2]
    async with database.reader() as connection:
        rows = await connection.execute(
            text(
                "SELECT actor, action, target_kind, after ->> 'secret_sha256' FROM audit_log"
                " WHERE " + OURS
            )
        )
        assert rows.all() == [("system", "commerce keys create", "ApiKey", "[redacted]")]


async def test_prune_deletes_what_is_old_and_says_how_much(database: Database) -> None:
    async with database.writer() as connection:
        await connection.execute(
            text(
                "INSERT INTO audit_log (occurred_at, actor, operation, target_kind)"
                " SELECT now() - make_interval(days => d), 'staff:1', 'updated', 'Product'"
                " FROM unnest(ARRAY[1, 50, 100]) AS d"
            )
        )
    code, _, told = await commerce(
        "audit", "prune", "--older-than-days", "40", DATABASE_URL=database.url
    )
    assert (code, told.strip()) == (0, "2 entries deleted.")
    async with database.reader() as connection:
        rows = await connection.execute(
            text("SELECT actor, action, target_kind FROM audit_log WHERE " + OURS)
        )
        assert rows.all() == [
            ("staff:1", "", "Product"),
            ("system", "commerce audit prune", "AuditLog"),
        ]


async def test_prune_keeps_the_last_month(database: Database) -> None:
    code, _, told = await commerce(
        "audit", "prune", "--older-than-days", "7", DATABASE_URL=database.url
    )
    assert code == 2
    assert "older-than-days" in told
