"""Rules of payments that need no data."""
