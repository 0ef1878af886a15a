"""`commerce doctor`."""

from sqlalchemy import text

from commerce.core.pool import Database
from tests.support.servers import commerce

RESERVED = """
INSERT INTO products (id, title, slug) VALUES (1, 'Shirt', 'shirt');
INSERT INTO variants (id, product_id) VALUES (1, 1);
INSERT INTO stock_locations (id, code, name) VALUES (1, 'main', 'Main');
INSERT INTO stock_levels (variant_id, location_id, reserved) VALUES (1, 1, 3)
"""
UNNUMBERED = (
    "INSERT INTO event_outbox (event_id, type, resource_type, resource_id, occurred_at)"
    " VALUES (gen_random_uuid(), 'order.updated', 'Order', 1, now() - interval '2 minutes')"
)


async def test_a_sound_store_has_no_broken_invariants(database: Database) -> None:
    code, shown, told = await commerce("doctor", "--invariants", DATABASE_URL=database.url)
    assert (code, shown, told.strip()) == (0, "", "All invariants hold.")


async def test_broken_invariants_are_listed_with_the_rows(database: Database) -> None:
    async with database.writer() as connection:
        for statement in RESERVED.split(";"):
            await connection.execute(text(statement))
    code, shown, _ = await commerce("doctor", "--invariants", DATABASE_URL=database.url)
    assert code == 1
    assert "reserved units are those that orders have been promised" in shown
    assert "no level reserves" in shown


async def test_what_waits_and_how_many_connections_are_wanted_is_told(database: Database) -> None:
    """Two processes of a pool of 5 + 4, each with one that listens, and one that claims jobs."""
    code, shown, _ = await commerce(
        "doctor", DATABASE_URL=database.url, WORKERS="2", POOL_SIZE="5", POOL_OVERFLOW="4"
    )
    assert code == 0, shown
    assert "2 x 11" in shown
    assert "0 due" in shown
    _, shown, _ = await commerce(
        "doctor", DATABASE_URL=database.url, WORKERS="2", POOL_SIZE="15", JOB_SLOTS="0"
    )
    assert "2 x 16" in shown


async def test_events_that_nobody_hands_on_are_found(database: Database) -> None:
    async with database.writer() as connection:
        await connection.execute(text(UNNUMBERED))
    code, shown, _ = await commerce("doctor", DATABASE_URL=database.url)
    assert code == 1
    assert "1 wait" in shown
