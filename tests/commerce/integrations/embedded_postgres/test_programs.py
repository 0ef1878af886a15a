import pytest

from commerce.integrations.embedded_postgres.programs import complaint


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("", "it gave no reason"),
        ("LOG:  starting\nLOG:  ready\n", "LOG:  ready"),
        ("12:00 FATAL:  no room\nHINT:  make some\n", "FATAL:  no room"),
        ("FATAL:  no room\nFATAL:  the database system is starting up\n", "FATAL:  no room"),
        ("initdb: error: no room\n", "error: no room"),
        (
            "sh: cannot create log\npg_ctl: could not start server\nExamine the log output.\n",
            "sh: cannot create log",
        ),
    ],
)
def test_the_complaint_is_the_line_that_gives_the_reason(output: str, said: str) -> None:
    assert complaint(output) == said
