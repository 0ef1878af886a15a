"""Endpoints and deliveries in SQL."""
