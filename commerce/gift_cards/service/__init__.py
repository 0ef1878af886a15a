"""What is done with gift cards."""
