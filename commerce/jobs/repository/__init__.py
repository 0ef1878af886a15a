"""Jobs and their queue in SQL."""
