"""Settings come from the environment, then from `.env`, then from their defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings, described, from_environment
from tools.errors import ToolError


def test_defaults_need_nothing() -> None:
    settings = from_environment({}, dotenv=None)
    assert settings == Settings()
    assert not settings.uses_server


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("# a comment\nASSISTANT_PORT=8000\nexport OPENAI_API_KEY='abc'\n")
    settings = from_environment({"ASSISTANT_PORT": "9000"}, dotenv)
    assert (settings.port, settings.api_key, settings.uses_server) == (9000, "abc", True)


def test_a_wrong_value_is_one_clear_sentence() -> None:
    with pytest.raises(ToolError, match="ASSISTANT_PORT is set to 'x', which is not a number"):
        from_environment({"ASSISTANT_PORT": "x"}, dotenv=None)


def test_every_setting_is_described() -> None:
    assert all(variable and meaning for variable, _, meaning in described())
