"""What files are called, what pictures are, and how large."""
