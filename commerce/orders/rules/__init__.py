"""Rules of orders that need no data."""
