"""The `commerce` command."""

from commerce.cli.main import main

__all__ = ["main"]
