"""Rules about customers that need no data."""
