import os
from pathlib import Path

import pytest

from commerce.cli.imports import _size
from tests.support.servers import commerce

GOOD = "Handle,Title,Variant SKU,Variant Price\ncli-a,A,CLI-A,1\ncli-b,B,CLI-B,2\n"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.csv"
    file.write_text(GOOD)
    return file


async def test_import_and_export_meet(committed_url: str, good: Path, tmp_path: Path) -> None:
    code, out, notes = await commerce("import", "products", str(good), DATABASE_URL=committed_url)
    assert (code, out) == (0, "")
    assert notes.strip() == "2 products: 2 created, 0 changed, 0 unchanged."
    code, exported, notes = await commerce("export", "products", DATABASE_URL=committed_url)
    assert (code, notes) == (0, "2 products written.\n")
    assert exported.startswith('"Handle","Title","Body (HTML)"')
    code, _, notes = await commerce(
        "import", "products", "-", stdin=exported.encode(), DATABASE_URL=committed_url
    )
    assert code == 0
    assert notes.strip() == "2 products: 0 created, 0 changed, 2 unchanged."


def test_of_a_pipe_nobody_knows_the_size() -> None:
    told, tells = os.pipe()
    os.close(tells)
    with os.fdopen(told, "rb") as pipe:
        assert _size(pipe) is None


async def test_refused_rows_are_told_and_kept_and_change_the_exit_code(
    committed_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(
        b"\xef\xbb\xbfHandle,Title,Variant Price,Shade\r\nbad-a,A,1,x\r\nbad-b,B,-2,\r\n"
    )
    code, _, notes = await commerce("import", "products", str(file), DATABASE_URL=committed_url)
    assert code == 3
    assert "Unknown columns are ignored: Shade." in notes
    assert "line 3, Variant Price: must not be negative" in notes
    rejects = (tmp_path / "bad.csv.rejects.csv").read_text()
    assert rejects.splitlines()[1].startswith("bad-b,B,'-2,")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "it.csv: no such file or directory."),
        ("name,price\n", "Error: There is no Handle column"),
    ],
)
async def test_a_file_that_cannot_be_read_is_said_in_one_line(
    committed_url: str, tmp_path: Path, content: str | None, message: str
) -> None:
    file = tmp_path / "it.csv"
    if content is not None:
        file.write_text(content)
    code, _, notes = await commerce("import", "products", str(file), DATABASE_URL=committed_url)
    assert code == 1
    assert message in notes
    assert "Traceback" not in notes


async def test_the_demo_is_the_same_however_often_it_is_made(committed_url: str) -> None:
    code, _, notes = await commerce("demo", "--products", "5", DATABASE_URL=committed_url)
    assert (code, notes.strip()) == (0, "5 products created, 0 were there already.")
    code, _, notes = await commerce("demo", "--products", "5", DATABASE_URL=committed_url)
    assert (code, notes.strip()) == (0, "0 products created, 5 were there already.")


@pytest.mark.usefixtures("database")  # empties the tables
async def test_unknown_columns_are_named_as_they_are_written(
    committed_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Handle,Title,[/b]\nodd,Odd,1\n", encoding="utf-8")
    code, _, notes = await commerce("import", "products", str(file), DATABASE_URL=committed_url)
    assert code == 0
    assert "Unknown columns are ignored: [/b]." in notes
