"""What may be asked of this machine."""

import os


def within(seconds: float) -> float:
    """`seconds` where processors are free; more where each is queued for."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
