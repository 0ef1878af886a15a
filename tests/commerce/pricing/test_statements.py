from commerce.core.viewer import ANONYMOUS, SYSTEM, Viewer, ViewerKind
from commerce.pricing.repository.statements import ranges, resolved


def test_a_statement_is_built_once_for_a_viewer_and_kind_of_terms() -> None:
    again = Viewer(ViewerKind.ANONYMOUS)
    for build in (resolved, ranges):
        statement = build(ANONYMOUS, currency=True, group=False)
        assert build(again, currency=True, group=False) is statement
        assert build(ANONYMOUS, currency=False, group=False) is not statement
        assert build(ANONYMOUS, currency=True, group=True) is not statement


def test_no_viewer_is_given_the_statement_of_another() -> None:
    for build in (resolved, ranges):
        hidden = str(build(ANONYMOUS, currency=False, group=False))
        known = str(build(SYSTEM, currency=False, group=False))
        assert "price_on_request IS false" in hidden
        assert "price_on_request" not in known
