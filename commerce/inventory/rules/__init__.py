"""Rules of stock that need no data."""
