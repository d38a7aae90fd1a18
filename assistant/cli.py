"""The command line: ask, segment, score, report, replay and serve, without the page."""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant import report as reports
from assistant.abilities import Abilities
from assistant.agent import Agent
from assistant.engines import choose_engine
from assistant.grounding import fact_name
from assistant.memory import Memory
from assistant.session import Session, Turn
from assistant.settings import described, from_environment
from tools.customers.exporting import (
    export_customers,
    load_segmentation,
    save_segmentation,
    with_baseline,
)
from tools.errors import ToolError
from tools.files.databases import Database, is_address
from tools.understanding.unread import write_unread
from tools.wording import count, listing

_log = logging.getLogger(__name__)
_QUESTION = "in plain English; several are answered in order, in one conversation"
_FORMATS = "the ending decides: .csv, .xlsx or .parquet"
DEFAULT_REQUEST = "segment my customers"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 where every question got an answer, 2 for what cannot be used."""
    chosen = _parser().parse_args(arguments)
    # A traceback is for whoever asks for it, never for the person who asked about customers.
    logging.basicConfig(handlers=[logging.StreamHandler() if chosen.verbose else logging.NullHandler()])
    try:
        choose_engine(from_environment())
        return int(chosen.command(chosen))
    except ToolError as error:
        print(str(error).replace("\n", " "), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever was reading has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the outer edge of the command line
        _log.error("The command failed", exc_info=error)
        print(
            f"Something went wrong on our side ({type(error).__name__}). Run it again with --verbose before "
            "the command and tell us what it prints.",
            file=sys.stderr,
        )
        return 1


def to_json(turn: Turn) -> dict[str, Any]:
    """Return the turn as the JSON object that `ask --json` promises."""
    segmentation = turn.segmentation
    return {
        "question": turn.question,
        "status": turn.status,
        "answer": _with_next_questions(turn),
        "facts": [
            {"name": fact_name(fact), "value": _plain(fact.value), "unit": fact.unit} for fact in turn.facts
        ],
        "tables": [
            {
                "title": table.title,
                "columns": list(table.columns),
                "rows": [[_plain(cell) for cell in row] for row in table.rows],
            }
            for table in turn.tables
        ],
        "figures": turn.figures,
        "steps": [
            {"tool": step.tool, "arguments": dict(step.arguments), "error": step.error} for step in turn.steps
        ],
        "segmentation": None
        if segmentation is None
        else {
            "name": segmentation.name,
            "method": segmentation.method,
            "features": list(segmentation.features),
            "n_customers": segmentation.n_customers,
            "segments": [
                {"name": segment.name, "size": segment.size, "share": segment.share}
                for segment in segmentation.segments
            ],
        },
        "unsupported_numbers": turn.unsupported_numbers,
        "usage": asdict(turn.usage),
    }


def to_text(turn: Turn) -> str:
    """Return the turn as Markdown for a terminal: answer, tables, what could be asked next."""
    parts = [
        _with_next_questions(turn),
        *(_markdown(table.title, table.columns, table.rows) for table in turn.tables),
    ]
    if turn.figures:
        n = len(turn.figures)
        parts.append(f"({n} chart{'s' if n > 1 else ''}: see the page or `report`.)")
    if turn.unsupported_numbers:
        parts.append(f"Numbers that no computation supports: {', '.join(turn.unsupported_numbers)}.")
    if turn.choices:
        parts.append("\n".join(["Choose one:", *(f"- {option}" for option in turn.choices)]))
    return "\n\n".join(part for part in parts if part)


def _data(chosen: argparse.Namespace) -> list[Path | Database]:
    """Return what the command is to read.

    Raises:
        ToolError: If a table or a query is named where there is no database.
    """
    named = chosen.table or chosen.query
    data = [
        Database(each, chosen.table, chosen.query) if is_address(each) else Path(each) for each in chosen.data
    ]
    if named and sum(isinstance(each, Database) for each in data) != 1:
        raise ToolError("A table or a query belongs to one database.", "Give --data the address of one.")
    return data


def _ask(chosen: argparse.Namespace) -> int:
    session = Session.open(_data(chosen))
    agent = _agent()
    failed = False
    for question in chosen.questions:
        turn = _last(agent, session, question)
        failed = failed or turn.status == "error"
        if chosen.json:
            print(json.dumps(to_json(turn), ensure_ascii=False, allow_nan=False, default=str), flush=True)
        else:
            print(f"\n> {question}\n\n{to_text(turn)}", flush=True)
    return 1 if failed else 0


def _segment(chosen: argparse.Namespace) -> int:
    for path in (chosen.out, chosen.save):
        if path is not None:
            _check_folder(path)
    session = Session.open(_data(chosen))
    turn = _last(_agent(), session, chosen.request)
    if session.workspace.segmentation is None:
        raise ToolError(_first_line(turn.answer), "No file was written.")
    print(f"{to_text(turn)}\n")
    _write_customers(session, chosen.out)
    if chosen.save is not None:
        save_segmentation(with_baseline(session.workspace), chosen.save)
        print(f"Saved the segments to {chosen.save.name}; `score` puts later customers into them.")
    return 0


def _write_customers(session: Session, path: Path) -> None:
    written = export_customers(session.workspace, path)
    print(f"Wrote {count(written.n_customers, 'customer')} to {written.path.name}.")
    if written.n_neutralised:
        cells = count(written.n_neutralised, "cell")
        print(f"{cells} that would start a formula in a spreadsheet got an apostrophe in front.")


def _unread(chosen: argparse.Namespace) -> int:
    _check_folder(chosen.out)
    session = Session.open(_data(chosen))
    tables = session.workspace.tables
    for number, name in enumerate(tables):
        path = chosen.out if number == 0 else chosen.out.with_stem(f"{chosen.out.stem}_{name}")
        n = write_unread(session.workspace, path, name)
        print(f"Wrote {count(n, 'row or cell', 'rows and cells')} of {tables[name].source} to {path.name}.")
    return 0


def _score(chosen: argparse.Namespace) -> int:
    _check_folder(chosen.out)
    load_segmentation(chosen.segments)  # says what is wrong with it before the data are read
    session = Session.open([*_data(chosen), chosen.segments])
    step = session.run_tool("score_customers", {})
    if step.result is None:
        raise ToolError(step.error or "The customers could not be scored.", step.instead or "")
    told = [step.result.headline, *step.result.findings, *(f"- {one}" for one in step.result.caveats)]
    print(to_text(Turn("score", (step,), "\n\n".join(told))) + "\n")
    usable = any(fact.name == "scores_can_be_used" and fact.value for fact in step.result.facts)
    if not usable and not chosen.anyway:
        print("No file was written; add --anyway to write it all the same.")
        return 1
    _write_customers(session, chosen.out)
    return 0


def _report(chosen: argparse.Namespace) -> int:
    _check_folder(chosen.out)
    _check_form(chosen.out)
    session = Session.open(_data(chosen))
    agent = _agent()
    turns = [_last(agent, session, question) for question in chosen.questions]
    _write_report(reports.build(session, title=chosen.title), chosen.out)
    print(f"Wrote {count(len(turns), 'answer')} to {chosen.out.name} ({_megabytes(chosen.out)}).")
    return 1 if any(turn.status == "error" for turn in turns) else 0


def _replay(chosen: argparse.Namespace) -> int:
    from assistant import replay_words
    from assistant.recipe import read_recipe
    from assistant.replay import replay

    if chosen.out:
        _check_folder(chosen.out)
        _check_form(chosen.out)
    recipe = read_recipe(chosen.recipe)
    outcome = replay(recipe, _data(chosen))
    if chosen.json:
        print(json.dumps(replay_words.to_json(outcome), ensure_ascii=False, allow_nan=False, default=_plain))
    else:
        print(replay_words.to_text(outcome))
    if chosen.out:
        _write_report(reports.build(outcome.session, title=chosen.title or recipe.title), chosen.out)
        print(f"Wrote the new report to {chosen.out.name} ({_megabytes(chosen.out)}).", file=sys.stderr)
    return 1 if outcome.same_data and not outcome.reproduced else 0


def _write_report(made: reports.Report, path: Path) -> None:
    path.write_bytes(reports.render(made, path.suffix))


def _check_form(path: Path) -> None:
    if path.suffix.lower().lstrip(".") not in reports.FORMS:
        raise ToolError(
            f"A report cannot be written as {path.name}.",
            f"Use a name that ends in {listing([f'.{form}' for form in reports.FORMS], 'or')}.",
        )


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB"


def _serve(chosen: argparse.Namespace) -> int:
    from assistant.ui.launch import serve  # Gradio takes seconds to import: only where the page is wanted

    settings, agent = from_environment(), _agent()
    serve(
        settings,
        agent,
        agent.model_label,
        lambda address: print(f"Ready at {address}"),
        Memory(settings.path / "memory"),
    )
    return 0


def _mcp(chosen: argparse.Namespace) -> int:
    from assistant.mcp_server import serve
    from assistant.toolbox import Toolbox

    serve(Toolbox.open(_data(chosen)))
    return 0


def _agent() -> Agent:
    settings = from_environment()
    kept = settings.path.is_dir()
    return Agent(
        settings,
        Memory(settings.path / "memory" if kept else None),
        abilities=Abilities(settings.path / "models.json" if kept else None),
    )


def _last(agent: Agent, session: Session, question: str) -> Turn:
    turn = Turn(question)
    for turn in agent.reply(session, question):  # noqa: B007 - the last one is wanted
        pass
    return turn


def _check_folder(path: Path) -> None:
    if path.is_dir():
        raise ToolError(f"{path.name} is a folder.", "Give the name of the file to write.")
    if not path.resolve().parent.is_dir():
        raise ToolError(f"There is no folder {path.parent}.", "Make it first, or choose another place.")


def _with_next_questions(turn: Turn) -> str:
    """Return the answer with what could be asked next, which the page offers as buttons instead."""
    if not turn.next_questions:
        return turn.answer
    questions = " · ".join(f"*{question}*" for question in turn.next_questions)
    return f"{turn.answer}\n\nYou could ask next: {questions}"


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "No segments were made.")


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _markdown(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    def cell(value: Any) -> str:
        value = _plain(value)
        if value is None:
            return ""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        text = f"{value:,.{0 if float(value).is_integer() else 2}f}" if number else str(value)
        return text.replace("|", "\\|").replace("\n", " ")

    lines = [f"**{title}**", "", "| " + " | ".join(map(cell, columns)) + " |", "|" + "---|" * len(columns)]
    return "\n".join([*lines, *("| " + " | ".join(map(cell, row)) + " |" for row in rows)])


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with an option in one line."""

    def error(self, message: str) -> Any:
        """Print one line and leave with status 2."""
        self.exit(
            2, f"{message[:1].upper()}{message[1:]}; see `python -m assistant {self._command()}--help`.\n"
        )

    def _command(self) -> str:
        return "" if self.prog == "assistant" else f"{self.prog.split()[-1]} "


def _command(commands: Any, name: str, about: str) -> argparse.ArgumentParser:
    """Add a command that says what it does in the list of commands and in its own help."""
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=f"{about[:1].upper()}{about[1:]}."
    )
    return made


def _parser() -> argparse.ArgumentParser:
    settings = "\n".join(
        f"  {name:27} {meaning} (default: {default or 'none'})" for name, default, meaning in described()
    )
    parser = _Parser(
        prog="assistant",
        description="Ask about customer data, segment customers and write reports, in plain English.",
        epilog=f"settings, from the environment or a file .env:\n{settings}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--verbose", action="store_true", help="print what went wrong inside, for a bug report"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    ask = _command(commands, "ask", "answer questions in order, in one conversation")
    ask.add_argument("questions", nargs="+", metavar="QUESTION", help=_QUESTION)
    ask.add_argument(
        "--json", action="store_true", help="print one JSON object a line, one for each question"
    )
    ask.set_defaults(command=_ask)

    segment = _command(commands, "segment", "write the customers with a `segment` column")
    segment.add_argument(
        "request",
        nargs="?",
        default=DEFAULT_REQUEST,
        metavar="REQUEST",
        help=f"which segments, in plain English (default: {DEFAULT_REQUEST})",
    )
    segment.add_argument("--out", type=Path, required=True, metavar="FILE", help=_FORMATS)
    segment.add_argument(
        "--save", type=Path, default=None, metavar="SEGMENTS.json", help="also save the segments, for `score`"
    )
    segment.set_defaults(command=_segment)

    unread = _command(
        commands, "unread", "write the rows and cells that could not be read, word for word, as CSV"
    )
    unread.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help="a file for each table")
    unread.set_defaults(command=_unread)

    score = _command(commands, "score", "put the customers of a new file into saved segments")
    score.add_argument(
        "--segments", type=Path, required=True, metavar="SEGMENTS.json", help="saved by `segment --save`"
    )
    score.add_argument("--out", type=Path, required=True, metavar="FILE", help=_FORMATS)
    score.add_argument("--anyway", action="store_true", help="write it although the customers drifted far")
    score.set_defaults(command=_score)

    report = _command(
        commands, "report", "write the answers as a page, PDF, Word, PowerPoint, Markdown, notebook or script"
    )
    report.add_argument("questions", nargs="+", metavar="QUESTION", help=_QUESTION)
    report.add_argument("--out", type=Path, required=True, metavar="FILE", help="its ending says the form")
    report.add_argument("--title", default=None, help="title of the report")
    report.set_defaults(command=_report)

    replay = _command(commands, "replay", "run a report's recipe again without a model, and say what changed")
    replay.add_argument("recipe", type=Path, metavar="REPORT", help="saved as html, ipynb, py or json")
    replay.add_argument("--json", action="store_true", help="print everything as one JSON object")
    replay.add_argument(
        "--out", type=Path, metavar="FILE", help="write the new report; its ending says the form"
    )
    replay.add_argument("--title", default=None, help="title of the new report")
    replay.set_defaults(command=_replay)

    mcp = commands.add_parser(
        "mcp",
        help="offer the tools to an agent of yours over MCP",
        description="Offer the tools over MCP on standard input and output, to an agent of yours that starts "
        "this command. It is told what a model on a server is told: aggregates, no groups below five.",
    )
    mcp.set_defaults(command=_mcp)

    for command in (ask, segment, unread, score, report, replay, mcp):
        command.add_argument(
            "--data",
            action="append",
            required=True,
            metavar="WHERE",
            help="file, folder, or address of a database (postgresql://user@host/name, sqlite:///file, "
            "duckdb:///file; the password comes from PGPASSWORD or ~/.pgpass); may be repeated",
        )
        which = command.add_mutually_exclusive_group()
        which.add_argument("--table", default=None, help="the table of the database; all of them without")
        which.add_argument(
            "--query", default=None, metavar="SELECT", help="a query that runs in the database"
        )

    serve = _command(commands, "serve", "open the chat page")
    serve.set_defaults(command=_serve)
    return parser
