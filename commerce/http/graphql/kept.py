"""What is kept of the latest documents: bounded in number and in characters."""

from collections import OrderedDict
from typing import Final, Generic, TypeVar

Value = TypeVar("Value")

ENTRIES: Final = 1_000
CHARACTERS: Final = 300_000  # a parsed document takes some 200 bytes per character
LONGEST: Final = 20_000


class Kept(Generic[Value]):
    """By a text of the document's or by its hash; what was used longest ago goes first."""

    def __init__(self, entries: int = ENTRIES, characters: int = CHARACTERS) -> None:
        self._entries = entries
        self._characters = characters
        self._values: OrderedDict[str, tuple[Value, int]] = OrderedDict()
        self._used = 0

    def get(self, key: str) -> Value | None:
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: str, value: Value, characters: int) -> None:
        """`characters` are those of the document; very long ones are not worth their room."""
        if characters > LONGEST or key in self._values:
            return
        self._values[key] = (value, characters)
        self._used += characters
        while len(self._values) > self._entries or self._used > self._characters:
            _, (_, dropped) = self._values.popitem(last=False)
            self._used -= dropped

    def __len__(self) -> int:
        return len(self._values)
