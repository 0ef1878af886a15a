import pytest

from commerce.notifications.text import one_line


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("Eva", "Eva"),
        ("  Eva \t  Müller ", "Eva Müller"),
        ("Eva\r\nBcc: x@example.com", "Eva Bcc: x@example.com"),
        ("a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g", "a b c d e f g"),
        ("x\u202egnp.exe", "x gnp.exe"),
        ("a\x00b\udc80c", "a b c"),
        ("", ""),
    ],
)
def test_a_line_has_no_breaks_and_nothing_invisible(given: str, line: str) -> None:
    assert one_line(given) == line


def test_a_long_line_is_cut_and_says_so() -> None:
    assert one_line("a" * 81) == "a" * 79 + "…"
    assert one_line("a" * 80) == "a" * 80
    assert one_line("abc def", 5) == "abc…"
