"""Rules of taxes that need no data."""
