"""The outbox and the log in SQL."""
