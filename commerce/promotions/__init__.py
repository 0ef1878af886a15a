"""Promotions and coupons: what is given, to whom, and how often."""
