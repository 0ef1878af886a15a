"""Rules of webhooks that need no data."""
