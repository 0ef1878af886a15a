"""Files: pictures that everybody sees, and goods that buyers download."""
