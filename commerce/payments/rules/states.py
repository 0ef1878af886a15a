"""What becomes of an attempt when its provider says something, in whatever order and how often.

The states of an attempt are ordered and it only ever moves up: news that arrives twice or late
changes nothing, and every order of arrival ends in the same state.
"""

from typing import Final

from commerce.payments.kinds import AttemptKind, AttemptState
from commerce.payments.ports import OutcomeState

# Money that was taken after all counts, although it was told to have failed: it must be seen.
TAKING: Final = (
    AttemptState.PENDING,
    AttemptState.ACTION_REQUIRED,
    AttemptState.FAILED,
    AttemptState.SUCCEEDED,
)
# A bank may send a refund back days after it succeeded.
GIVING_BACK: Final = (
    AttemptState.PENDING,
    AttemptState.ACTION_REQUIRED,
    AttemptState.SUCCEEDED,
    AttemptState.FAILED,
)
TOLD: Final = {
    OutcomeState.ACTION_REQUIRED: AttemptState.ACTION_REQUIRED,
    OutcomeState.FAILED: AttemptState.FAILED,
    OutcomeState.SUCCEEDED: AttemptState.SUCCEEDED,
}


def order_of(kind: AttemptKind) -> tuple[AttemptState, ...]:
    return GIVING_BACK if kind is AttemptKind.REFUND else TAKING


def edges(kind: AttemptKind) -> frozenset[tuple[AttemptState, AttemptState]]:
    """Every change of state there can be."""
    order = order_of(kind)
    return frozenset(
        (before, after) for place, before in enumerate(order) for after in order[place + 1 :]
    )


def next_state(kind: AttemptKind, state: AttemptState, told: OutcomeState) -> AttemptState:
    """The state after hearing `told`; the same where that is no news."""
    heard = TOLD.get(told, state)
    return heard if (state, heard) in edges(kind) else state
