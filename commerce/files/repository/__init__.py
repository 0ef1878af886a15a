"""The rows of files and of uploads on their way."""
