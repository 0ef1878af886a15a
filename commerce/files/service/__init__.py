"""Taking files in, keeping them, and removing them."""
