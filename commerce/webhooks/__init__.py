"""Telling other programs what happened, by calling addresses they gave."""
