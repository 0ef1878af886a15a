"""Handing over whole products."""
