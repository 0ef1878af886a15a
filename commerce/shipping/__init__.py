"""Where and how goods are sent, and what that costs."""
