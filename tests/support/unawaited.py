"""What graphql-core leaves behind: of a task that it cancels before its first step the resolver is
never begun."""

import gc
from collections.abc import Iterator

import pytest

forgiven = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Here, where it is forgiven, and not in whichever test the collector would run."""
    yield
    gc.collect()
