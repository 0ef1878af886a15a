"""Setting up endpoints, and asking for deliveries again."""
