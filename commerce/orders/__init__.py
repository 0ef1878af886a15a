"""What was bought, and what happens with it."""
