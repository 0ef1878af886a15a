"""Signing in and out, passwords, and who one is."""
