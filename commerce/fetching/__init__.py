"""Files that jobs fetch from the web, beside requests."""
