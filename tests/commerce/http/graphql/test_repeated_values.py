"""What a caller sent in a wrong place is not sent back: it may be a password."""

from typing import Any

import pytest

from commerce.core.viewer import ANONYMOUS
from tests.support.shop import CANARY, shop_executor

TREE = "mutation ($tree: TreeInput) { change(tree: $tree) { id } }"
WRONG: list[tuple[str, dict[str, Any] | None]] = [
    (TREE, {"tree": CANARY}),
    (TREE, {"tree": {"name": "a", "password": CANARY}}),
    (TREE, {"tree": {"name": "a", "children": CANARY}}),
    ("query ($first: Int!) { goods(first: $first) { nodes { id } } }", {"first": CANARY}),
    (f'{{ goods(first: "{CANARY}") {{ nodes {{ id }} }} }}', None),
    (f'mutation {{ change(tree: {{ name: "a", secret: "{CANARY}" }}) {{ id }} }}', None),
    (f'mutation {{ change(tree: "{CANARY}") {{ id }} }}', None),
    (f'{{ good(id: {{ key: "{CANARY}" }}) {{ id }} }}', None),
    (f'{{ good(id: ["a\\n", "{CANARY}"]) {{ id }} }}', None),
    (f'{{ echo(text: "{CANARY}) }}', None),
    ("query ($amount: Decimal!) { exactly(amount: $amount) }", {"amount": CANARY}),
]


@pytest.mark.parametrize(("query", "variables"), WRONG)
async def test_errors_do_not_repeat_values(query: str, variables: dict[str, Any] | None) -> None:
    answer = await shop_executor().execute(query, variables, viewer=ANONYMOUS)
    assert answer.errors
    assert CANARY not in str(answer.body())


async def test_errors_still_say_what_was_expected() -> None:
    wrong = {"tree": {"name": "a", "children": CANARY}}
    answer = await shop_executor().execute(TREE, wrong, viewer=ANONYMOUS)
    assert answer.errors[0]["message"] == (
        "Variable '$tree' has invalid value at .children: "
        "Expected value of type 'TreeInput' to be an object."
    )
