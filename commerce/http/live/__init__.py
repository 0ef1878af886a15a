"""Connections that stay open: subscriptions over WebSocket and over server-sent events."""
