"""Rules of promotions that need no data."""
