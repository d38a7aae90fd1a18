"""What goes wrong is logged with its place in the code, and without a single cell of anybody's file."""

from __future__ import annotations

import io
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from assistant import accounts
from assistant.logs import WithoutData
from assistant.ui.launch import UPLOADS_SECONDS, forget_uploads

CELL = "Zarathustra 4,711.00"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(WithoutData())
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    logger.propagate = False
    yield text
    logger.removeHandler(handler)


def test_an_error_is_logged_without_what_it_says(log: io.StringIO) -> None:
    def read(cell: str) -> float:
        return float(cell)

    try:
        try:
            read(CELL)
        except ValueError as error:
            raise KeyError(CELL) from error
    except KeyError:
        logging.getLogger("tests.logs").exception("A question failed", stack_info=True)
    written = log.getvalue()
    assert "ERROR tests.logs: A question failed" in written
    assert "builtins.KeyError" in written
    assert "builtins.ValueError" in written
    assert "tests/test_logs.py:" in written
    assert " in read" in written
    assert "Zarathustra" not in written
    assert "4,711" not in written


def test_a_level_that_does_not_exist_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_LOG_LEVEL", "loud")
    assert app.main([]) == 2
    assert "ASSISTANT_LOG_LEVEL is set to 'loud'" in capsys.readouterr().err


def test_an_account_is_added_and_changed_without_showing_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accounts, "COST", 4)
    file = tmp_path / "people"
    monkeypatch.setenv("ASSISTANT_ACCOUNTS_FILE", str(file))
    for name, password in (("ann", "first password"), ("ben", "bens password"), ("ann", "other password")):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        assert app.main(["--add-account", name]) == 0
    people = accounts.Accounts(file.read_text().splitlines())
    assert people.check("ann", "other password")
    assert not people.check("ann", "first password")
    assert people.check("ben", "bens password")
    assert file.stat().st_mode & 0o077 == 0
    assert "password\n" not in file.read_text()
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert app.main(["--add-account", "eva"]) == 2
    assert app.main(["--add-account", "e:v:a"]) == 2
    assert "cannot be the name of an account" in capsys.readouterr().err


def test_an_empty_list_of_accounts_does_not_open_the_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "people").write_text("# nobody yet\n")
    monkeypatch.setenv("ASSISTANT_FOLDER", str(tmp_path / "kept"))
    monkeypatch.setenv("ASSISTANT_ACCOUNTS_FILE", str(tmp_path / "people"))
    assert app.main([]) == 2
    assert "nobody could sign in" in capsys.readouterr().err


def test_help_names_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        app.main(["--help"])
    told = capsys.readouterr().out
    for name in ("ASSISTANT_FOLDER", "ASSISTANT_KEEP_DAYS", "ASSISTANT_ACCOUNTS_FILE", "--add-account"):
        assert name in told


def test_uploads_go_once_they_are_read_and_old(tmp_path: Path) -> None:
    names = ("old", "new", "waiting")
    paths = {name: tmp_path / "program" / name / f"{name}.csv" for name in names}
    for name, path in paths.items():
        path.parent.mkdir(parents=True)
        path.write_text("x")
        if name != "new":
            past = time.time() - UPLOADS_SECONDS - 1
            os.utime(path, (past, past))
    forget_uploads(tmp_path, lambda: [paths["waiting"]])
    assert {name for name, path in paths.items() if path.exists()} == {"new", "waiting"}
