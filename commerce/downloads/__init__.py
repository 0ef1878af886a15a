"""Goods that are files: what variants have, and who may download how often."""
