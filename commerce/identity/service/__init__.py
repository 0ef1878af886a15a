"""Rules of sessions, tokens and passwords that need data."""
