"""What exports look like. Pure."""
