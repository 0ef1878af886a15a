"""Asking for jobs, following them, and doing them."""
