"""The command line is a contract that others build on."""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli import _parser, main
from tests.conftest import ROOT

KEYS = {
    "question",
    "status",
    "answer",
    "facts",
    "tables",
    "figures",
    "steps",
    "segmentation",
    "unsupported_numbers",
    "usage",
}


def test_ask_prints_one_object_a_line_and_nothing_else(
    small_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(
            [
                "ask",
                "--data",
                str(small_file),
                "--json",
                "how many orders are there?",
                "average amount by country",
            ]
        )
        == 0
    )
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first.keys() == second.keys() == KEYS
    assert first["status"] == "answered"
    assert "7" in first["answer"].split(".")[0]
    assert 7 in [fact["value"] for fact in first["facts"]]
    assert second["tables"][0]["rows"]
    assert first["unsupported_numbers"] == second["unsupported_numbers"] == []


def test_ask_prints_markdown_for_people(small_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--data", str(small_file), "average amount by country"]) == 0
    assert "| " in capsys.readouterr().out


def test_segment_writes_every_customer_with_a_segment(small_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "customers.csv"
    assert (
        main(["segment", "--data", str(small_file), "--out", str(out), "top 50% of customers by amount"]) == 0
    )
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert {row["customer_id"] for row in rows} == {"c1", "c2", "c3", "c4"}
    assert all(row["segment"] for row in rows)


def test_unread_writes_what_could_not_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"{i},c{i % 9},{'=cmd' if i == 60 else i}" for i in range(100)]
    (tmp_path / "a.csv").write_text("\n".join(["made by sales", "id,customer_id,amount", *lines]) + "\n")
    assert main(["unread", "--data", str(tmp_path / "a.csv"), "--out", str(tmp_path / "left.csv")]) == 0
    assert "Wrote 2 rows and cells of a.csv to left.csv." in capsys.readouterr().out
    rows = list(csv.DictReader((tmp_path / "left.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["row"], row["column"], row["text"]) for row in rows] == [
        ("1", "", "made by sales"),
        ("61", "amount", "'=cmd"),
    ]


def test_score_puts_a_later_file_into_saved_segments(small_file: Path, tmp_path: Path) -> None:
    saved, out = tmp_path / "segments.json", tmp_path / "scored.csv"
    first = ["segment", "--data", str(small_file), "--out", str(tmp_path / "c.csv"), "--save", str(saved)]
    assert main([*first, "top 50% of customers by amount"]) == 0
    later = tmp_path / "later.csv"
    later.write_text(re.sub(r",c(\d)", r",k\1", small_file.read_text()))
    assert main(["score", "--data", str(later), "--segments", str(saved), "--out", str(out)]) == 0
    rows = list(csv.DictReader(out.read_text().splitlines()))
    before = list(csv.DictReader((tmp_path / "c.csv").read_text().splitlines()))
    assert [row["segment"] for row in rows] == [row["segment"] for row in before]
    assert {row["customer_id"] for row in rows} == {"k1", "k2", "k3", "k4"}


def test_score_writes_nothing_where_the_customers_are_others(
    small_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, out = tmp_path / "segments.json", tmp_path / "scored.csv"
    first = ["segment", "--data", str(small_file), "--out", str(tmp_path / "c.csv"), "--save", str(saved)]
    assert main([*first, "top 50% of customers by amount"]) == 0
    later = tmp_path / "later.csv"
    rows = [f"o{i},c{i},Spain,web,2024-01-{1 + i % 28:02},{90000 + i}.00" for i in range(200)]
    later.write_text("\n".join(["order_id,customer_id,country,channel,order_date,amount", *rows]) + "\n")
    arguments = ["score", "--data", str(later), "--segments", str(saved), "--out", str(out)]
    assert main(arguments) == 1
    assert not out.exists()
    assert "No file was written" in capsys.readouterr().out
    assert main([*arguments, "--anyway"]) == 0
    assert out.exists()


def test_report_writes_one_file(small_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert main(["report", "--data", str(small_file), "--out", str(out), "average amount by country"]) == 0
    assert out.read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "--data", "nowhere.csv", "hello"],
        ["ask", "hello"],
        ["fly"],
        [],
        ["ask", "--data", "{file}", "--yaml", "hello"],
        ["report", "--data", "{file}", "--out", "no/such/folder/x.html", "hello"],
        ["segment", "--data", "{file}", "--out", "{folder}"],
    ],
)
def test_what_cannot_be_used_is_one_line_and_status_2(
    arguments: list[str], small_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = [item.format(file=small_file, folder=small_file.parent) for item in arguments]
    try:
        status = main(filled)
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    printed = capsys.readouterr()
    assert status == 2
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert "Traceback" not in printed.err


def test_help_tells_commands_and_settings(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert "segment" in told and "OPENAI_BASE_URL" in told


def test_every_command_and_argument_says_what_it_does() -> None:
    parser = _parser()
    (commands,) = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    assert {"ask", "segment", "score", "report", "replay", "serve"} <= set(commands.choices)
    for name, command in commands.choices.items():
        assert command.description, name
        for action in command._actions:
            assert action.help, f"{name} {action.dest}"


def test_a_bug_is_one_line_and_no_traceback(
    small_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("assistant.session.load", broken)
    assert main(["ask", "--data", str(small_file), "hello"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert "ZeroDivisionError" in printed.err


def test_a_reader_that_leaves_early_sees_no_traceback(small_file: Path) -> None:
    command = f"{sys.executable} -m assistant ask --data {small_file} --json 'how many orders?' | true"
    run = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S602
    assert "Traceback" not in run.stderr
