"""Rules of OAuth that need no data."""
