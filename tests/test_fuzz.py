"""Broken files are read as a table or refused in a sentence; `python -m tests.fuzz` tries a million."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import LARGEST, broken, read
from tests.nasty import all_files

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
