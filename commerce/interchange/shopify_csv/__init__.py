"""Shopify's product CSV, the format shops hand each other: reading, checking and writing it."""
