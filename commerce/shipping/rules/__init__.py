"""Rules of shipping that need no data."""
