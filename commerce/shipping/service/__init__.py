"""What can be done with shipping."""
