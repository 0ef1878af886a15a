"""The documents of the dialects, made ahead by `make snapshots`: making one takes seconds."""

from pathlib import Path

HERE = Path(__file__).parent


def file_of(dialect: str) -> Path:
    return HERE / f"{dialect}.json"
