"""What OAuth clients, and those who let them in, can do."""
