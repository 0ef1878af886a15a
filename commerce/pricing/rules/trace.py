"""Why a total is what it is: every step, in the order it was taken."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from commerce.pricing.rules.amounts import printed


@dataclass(frozen=True, slots=True)
class Step:
    """`subject` is what was changed (`line:7`, `shipping`, `surcharge:cash`, `order`), `cause`
    what changed it (`promotion:3`, `tax:1`, `gift_card:5`). From nothing, the changes lead to what
    is due. Amounts are exact, to 6 decimals.
    """

    kind: str
    subject: str
    cause: str
    before: Decimal
    change: Decimal
    after: Decimal


@dataclass(slots=True)
class Trace:
    """Collects steps. Same calculation, same steps, byte for byte."""

    steps: list[Step] = field(default_factory=list)

    def note(self, kind: str, subject: str, cause: str, before: Fraction, after: Fraction) -> None:
        if before != after:
            change = after - before
            step = Step(kind, subject, cause, printed(before), printed(change), printed(after))
            self.steps.append(step)


def line(id_: int) -> str:
    return f"line:{id_}"


def surcharge(code: str) -> str:
    return f"surcharge:{code}"


SHIPPING = "shipping"
ORDER = "order"
