"""What commands print: results on stdout, everything about them on stderr."""

import sys
from typing import NoReturn

from rich.console import Console

out = Console(soft_wrap=True)
notes = Console(stderr=True, soft_wrap=True)


def fail(message: str) -> NoReturn:
    """One line, exit code 1."""
    notes.print(f"[bold red]Error:[/] {' '.join(message.split())}", highlight=False)
    sys.exit(1)
