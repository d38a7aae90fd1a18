"""Every nasty file becomes the table that was meant, or is refused in one clear sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nasty import NastyFile, all_files
from tests.nasty.scoring import score

FILES = all_files()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_nasty_file(file: NastyFile, tmp_path: Path) -> None:
    right, meant, wrong = score(file, tmp_path)
    assert not wrong and right == meant


def test_there_are_enough_of_them() -> None:
    assert len({file.name for file in FILES}) == len(FILES) >= 200
