"""What can be done with payments and payment methods."""
