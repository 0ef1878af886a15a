"""Rules of store that need no data."""
