"""Webhooks: endpoints, deliveries and what can be done with them."""
