"""What a route answers when all goes well: its shape, run over made-up answers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from commerce.rest.answers import reply_of
from commerce.rest.errors import Kind, Refusal, RefusedError
from commerce.rest.openapi.examples import calls_of, sparse_calls_of
from commerce.rest.openapi.inference import Seen
from commerce.rest.openapi.plans import Places, Plan, by_chance, only, plans_of
from commerce.rest.openapi.selections import Answers
from commerce.rest.openapi.telling import FIRST, Pick, Story
from commerce.rest.operations import name_of
from commerce.rest.route import Call, Dialect, Json, Reply, Route, Steps

# Chance goes on until it has told nothing new for a while.
CHANCES: Final = 96
WHILE: Final = 48
REFUSALS: Final = (Kind.NOT_FOUND, Kind.CONFLICT)

AnswersOf = Callable[[str], Answers]


class UnshapedError(Exception):
    """A shape cannot do with an answer that its operation could give; says which."""


@dataclass(slots=True)
class Outcome:
    """All that was answered with one status."""

    body: Seen = field(default_factory=Seen)
    headers: dict[str, Seen] = field(default_factory=dict)
    filled: bool = False

    def see(self, reply: Reply, seed: int) -> bool:
        """Whether that was something new."""
        for name, value in reply.headers.items():
            number = int(value) if value.isascii() and value.isdigit() else value
            self.headers.setdefault(name, Seen()).see(number, seed)
        if reply.body is None:
            return False
        self.filled = True
        return self.body.see(reply.body, seed)


Outcomes = Mapping[int, Outcome]


def outcomes_of(dialect: Dialect, route: Route, answers: AnswersOf) -> Outcomes:
    """By status; empty when every call is refused. Raises `UnshapedError`."""
    found: dict[int, Outcome] = {}
    for calls in calls_of(dialect, route):
        _tell(dialect, route, calls, answers, found)
    if not found:
        for calls in sparse_calls_of(dialect, route):
            if _is_answered(route, calls[0], answers):
                _tell(dialect, route, calls, answers, found)
                break
    return found


def _is_answered(route: Route, call: Call, answers: AnswersOf) -> bool:
    with suppress(Exception):
        _run(route, call, answers, FIRST, 0)
        return True
    return False


def _tell(
    dialect: Dialect,
    route: Route,
    calls: tuple[Call, ...],
    answers: AnswersOf,
    found: dict[int, Outcome],
) -> None:
    """Shapes must do with what is told on purpose; chance may tell what never is."""
    footing = _footing(route, calls[0], answers)
    for plan in _plans(route, calls[0], answers):
        try:
            _see(route, calls, answers, plan.upon(footing), found)
        except Exception as error:
            if route.flow is not None:
                continue  # its steps follow from each other: not all that is told could be
            where = f"{name_of(dialect, route)}, {plan.name}"
            raise UnshapedError(f"{where}: {type(error).__name__}: {error}") from error
    quiet = 0
    for chance in range(CHANCES):
        with suppress(Exception):
            new = _see(route, calls, answers, by_chance(chance).upon(footing), found)
            quiet = 0 if new or not found else quiet + 1
        if quiet == WHILE:
            return


def _plans(route: Route, call: Call, answers: AnswersOf) -> Iterator[Plan]:
    places = Places()
    with suppress(Exception):  # the first plan says what is wrong
        _run(route, call, answers, places, 0)
    yield from plans_of(places.counts)


def _footing(route: Route, call: Call, answers: AnswersOf) -> Mapping[str, int]:
    """What must be told otherwise for a call to be answered at all, if a single thing will do:
    where `archivedAt` says that there is nothing to show, all that is told is about the rest."""
    places = Places()
    try:
        _run(route, call, answers, places, 0)
    except RefusedError:
        for place in places.counts:
            with suppress(Exception):
                _run(route, call, answers, only(place), 0)
                return {place: 1}
    except Exception:  # noqa: S110  # the first plan says what is wrong
        pass
    return {}


def _see(
    route: Route,
    calls: tuple[Call, ...],
    answers: AnswersOf,
    plan: Plan,
    found: dict[int, Outcome],
) -> bool:
    """Whether that was something new; what is refused is not."""
    try:
        replies = [
            reply_of(_run(route, call, answers, plan.picking(), seed), route)
            for seed, call in enumerate(calls)
        ]
    except RefusedError:
        return False
    new = False
    for seed, reply in enumerate(replies):
        new |= found.setdefault(reply.status, Outcome()).see(reply, seed)
    return new


def _run(route: Route, call: Call, answers: AnswersOf, pick: Pick, seed: int) -> Json | Reply:
    if route.flow is not None:
        return _stepped(route.flow(call), answers, pick, seed)
    node = _answer(answers, route.operation, route.variables(call), pick, seed)
    return route.shape(node, call)


def _stepped(steps: Steps, answers: AnswersOf, pick: Pick, seed: int) -> Json | Reply:
    """Every step may be refused, too."""
    count = 0
    try:
        ask = next(steps)
        while True:
            count += 1
            refused = pick(f"step {count} !", 1 + len(REFUSALS))
            if refused:
                ask = steps.throw(RefusedError(Refusal(REFUSALS[refused - 1])))
            else:
                ask = steps.send(_answer(answers, ask.operation, ask.variables, pick, seed))
    except StopIteration as end:
        shaped: Json | Reply = end.value
        return shaped


def _answer(
    answers: AnswersOf, name: str, variables: Mapping[str, Any], pick: Pick, seed: int
) -> Any:
    return answers(name).told.tell(Story(seed, pick, variables))
