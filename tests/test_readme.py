"""The README says what the code says."""

from __future__ import annotations

import re

from tests.pictures import LARGEST
from tests.readme import EXAMPLE, README, example, rendered


def test_lists_of_the_readme_are_true() -> None:
    assert README.read_text() == rendered(README.read_text()), "run `uv run python -m tests.readme`"


def test_the_example_of_settings_is_true() -> None:
    assert EXAMPLE.read_text() == example(), "run `uv run python -m tests.readme`"


def test_pictures_of_the_readme_are_there() -> None:
    for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text()):
        assert (README.parent / name).is_file(), name
        assert (README.parent / name).stat().st_size < LARGEST, "run `uv run python -m tests.pictures`"
