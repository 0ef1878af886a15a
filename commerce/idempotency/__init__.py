"""Calls that may be sent again: done once, answered the same."""
