"""Broken files are read as a table or refused in a sentence; `python -m tests.fuzz` tries a million."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import LARGEST, broken, outlive, read
from tests.nasty import all_files
from tools.errors import ToolError
from tools.files.loading import load

FILES = [file for file in all_files() if len(file.content) <= LARGEST]
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
COLD = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("block", range(6))
def test_broken_files(tmp_path: Path, block: int) -> None:
    ends = set()
    for number in range(block * 60, block * 60 + 60):
        name, content = broken(1, number, FILES)
        folder = tmp_path / str(number)
        (folder / "work").mkdir(parents=True)
        (folder / name).write_bytes(content)
        ends.add(read(folder / name, folder / "work", number % 10 == 0))
    assert {"opened", "refused"} <= ends


@COLD
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_any_cells(tmp_path: Path, rows: list[list[str]], separator: str) -> None:
    (tmp_path / "work").mkdir(exist_ok=True)
    path = tmp_path / "cells.csv"
    path.write_text("\n".join(separator.join(row) for row in rows), encoding="utf-8", newline="")
    assert read(path, tmp_path / "work", whole=True) in ("loaded", "refused")


@COLD
@given(st.binary(max_size=300))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "work").mkdir(exist_ok=True)
    path = tmp_path / "bytes.csv"
    path.write_bytes(content)
    assert read(path, tmp_path / "work", whole=True) in ("loaded", "refused")


def test_arrow_texts_that_lie_outside_of_the_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "texts.arrow"
    texts = pa.record_batch([pa.array(["abc", "def"])], names=["text"])
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, texts.schema) as writer:
        writer.write_batch(texts)
    ends = [int(n).to_bytes(4, "little") for n in (3, 6, 2_000_000_000)]
    content = path.read_bytes()
    assert content.count(ends[0] + ends[1]) == 1
    path.write_bytes(content.replace(ends[0] + ends[1], ends[0] + ends[2]))
    with pytest.raises(ToolError, match="damaged Arrow file"):
        load([path])


def test_a_zip_whose_entry_has_no_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "id,n\n1,2\n")
    content = path.read_bytes()
    path.write_bytes(content.replace(b"a" + b"PK\x05\x06", b"\x00" + b"PK\x05\x06"))
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [""]
    with pytest.raises(ToolError, match="holds no file"):
        load([path], tmp_path / "work")


def test_a_time_with_a_stray_control_character_is_read(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    path = tmp_path / "ticks.csv"
    ticks = "".join(f"{n},{1715128201 + 1000 * n}.2\n" for n in range(30))
    path.write_text(f"id,created_at\n{ticks}30,1715128201.2\x1c\n", encoding="utf-8")
    assert read(path, tmp_path / "work", whole=True) == "loaded"


def test_lines_quoted_as_a_whole_may_end_within_a_quoted_cell(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    path = tmp_path / "quoted.csv"
    header, empty = '"""customer_id"",""order_date"",""city"""\n', '"""C1"",""03/01/2024"",""""\n'
    rows = "".join(f'"""C{n}"",""0{n}/01/2024"",""Pune"""\n' for n in range(2, 6))
    path.write_text(f'{header}{empty}{rows}"""C6"",""08/01/2024"","', encoding="utf-8")
    assert read(path, tmp_path / "work", whole=True) == "refused"


def test_the_command_counts_every_input() -> None:
    assert outlive(40, seed=4, whole=20, keep=None, first=7).total() == 40


@pytest.mark.parametrize("ending", ["arrow", "parquet"])
def test_column_names_that_are_no_text_are_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"names.{ending}"
    table = pa.table({"n\u00e4me": [1, 2]})
    if ending == "arrow":
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    else:
        pq.write_table(table, path, store_schema=False)
    path.write_bytes(path.read_bytes().replace("\u00e4".encode(), b"\xc3\x6d"))
    with pytest.raises(ToolError, match="damaged"):
        load([path])
