"""The `commerce` command."""

import gc

gc.disable()  # imports leave nothing to collect, and looking for it takes a quarter of the start

from commerce.cli.main import main  # noqa: E402  # not before that

gc.enable()

__all__ = ["main"]
