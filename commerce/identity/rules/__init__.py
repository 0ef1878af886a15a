"""Rules about credentials that need no data."""
