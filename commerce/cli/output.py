"""What commands print: results on stdout, everything about them on stderr."""

import logging
import sys
from typing import NoReturn

import structlog
from rich.console import Console
from rich.markup import escape

out = Console(soft_wrap=True)
notes = Console(stderr=True, soft_wrap=True)


def fail(message: str) -> NoReturn:
    """One line, exit code 1."""
    notes.print(f"[bold red]Error:[/] {escape(' '.join(message.split()))}", highlight=False)
    sys.exit(1)


def told(error: OSError) -> str:
    """What is wrong with which file, without the system's number for it."""
    return f"{error.filename}: {(error.strerror or str(error)).lower()}."


def quiet() -> None:
    """Commands say what they do themselves; of the log they show what went wrong."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,  # without what variables held: secrets, too
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
    )
