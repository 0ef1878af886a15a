"""Asking for exports, writing them, and handing them out."""
