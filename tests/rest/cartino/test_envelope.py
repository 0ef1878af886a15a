from commerce.rest.cartino.envelope import refusal
from commerce.rest.errors import Flaw, Kind, Refusal


def test_a_problem_speaks_in_its_own_words() -> None:
    told = refusal(
        Refusal(Kind.INVALID, "Only 3 left.", (Flaw("lines.0.sku", "", "Only 3 left."),))
    )
    assert told == (
        422,
        {"message": "The given data was invalid.", "errors": {"lines.0.sku": ["Only 3 left."]}},
    )
    assert refusal(Refusal(Kind.CONFLICT, "Only 3 left.")) == (409, {"message": "Only 3 left."})
