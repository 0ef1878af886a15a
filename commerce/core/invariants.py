"""What must hold between rows at any time, as data: each domain says its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invariant:
    """`broken_by` is the SQL of the rows that break it; none says that it holds.

    `name` is what must be true, and `means` what went wrong where it is not.
    """

    name: str
    broken_by: str
    means: str
