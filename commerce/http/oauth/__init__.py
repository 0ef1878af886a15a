"""OAuth 2 for programs, and the page on which staff let them in."""
