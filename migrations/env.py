"""Alembic's entry: migrates over the connection that `commerce.migrate` hands in."""

from alembic import context

from commerce.migrate import is_ours, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    include_name=is_ours,
    transaction_per_migration=True,
    compare_type=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
