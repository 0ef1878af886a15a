"""Rules of gift cards that need no data."""
