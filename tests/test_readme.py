"""The README says what the code says."""

from __future__ import annotations

import re

from tests.readme import README, rendered


def test_lists_of_the_readme_are_true() -> None:
    assert README.read_text() == rendered(README.read_text()), "run `uv run python -m tests.readme`"


def test_pictures_of_the_readme_are_there() -> None:
    for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text()):
        assert (README.parent / name).is_file(), name
