"""What is kept of an operation's compilations, beside its document."""

from dataclasses import dataclass, field

from commerce.http.graphql.compiled.compiler import Compiled


@dataclass(slots=True)
class Tried:
    """What is known of one operation, by the setting of its deciding variables.

    A word in place of a compiled operation says why there is none.
    """

    seen: int = 0
    deciding: tuple[str, ...] | None = None
    settings: dict[tuple[bool | None, ...], Compiled | str] = field(default_factory=dict)
