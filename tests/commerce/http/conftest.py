import logging
from collections.abc import Iterator

import pytest
import structlog

from commerce.http.logs import configure_logging
from commerce.settings import Settings


@pytest.fixture
def json_logs() -> Iterator[None]:
    """Lines as in production, on standard error."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging(Settings(log_format="json"))
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
