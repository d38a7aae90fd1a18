"""Starts the chat page: settings, memory, model and page are put together here."""

from __future__ import annotations

import argparse
import getpass
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.abilities import Abilities
from assistant.accounts import NAME, hashed
from assistant.agent import Agent
from assistant.engines import choose_engine
from assistant.logs import log_without_data
from assistant.memory import Memory
from assistant.settings import described, from_environment
from assistant.ui.launch import serve
from tools.errors import ToolError


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the page; return 2 with one line on standard error if it cannot be served."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = from_environment()
        if chosen.add_account:
            return _add_account(chosen.add_account, settings.accounts_file)
        level = _level(settings.log_level)
        log_without_data(level)
        choose_engine(settings)
        settings = replace(settings, host=chosen.host or settings.host, port=chosen.port or settings.port)
        memory = Memory(settings.path / "memory")
        agent = Agent(settings, memory, abilities=Abilities(settings.path / "models.json"))

        def ready(address: str) -> None:
            log_without_data(level)  # again: the server's library sets up its own log as it starts
            sys.stdout.write(f"Cash Classifiers is ready at {address}  (end with Ctrl+C)\n")
            sys.stdout.flush()

        serve(settings, agent, agent.model_label, ready, memory)
    except ToolError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _level(name: str) -> str:
    if name.upper() not in logging.getLevelNamesMapping():
        raise ToolError(
            f"ASSISTANT_LOG_LEVEL is set to {name!r}.", "Set it to DEBUG, INFO, WARNING or ERROR."
        )
    return name.upper()


def _add_account(name: str, file: str) -> int:
    """Ask for a password, and add the account to the file, or print its line where no file is set."""
    if not NAME.fullmatch(name):
        raise ToolError(f"{name!r} cannot be the name of an account.", "Use letters, digits and . @ + - _.")
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password for {name}: ")
        if getpass.getpass("Once more: ") != password:
            raise ToolError("The two passwords differ.", "Nothing was changed; try again.")
    else:
        password = sys.stdin.readline().rstrip("\n")
    line = f"{name}:{hashed(password)}"
    if not file:
        sys.stdout.write(f"{line}\n")
        sys.stderr.write(
            "Put this line into ASSISTANT_ACCOUNTS, or into the file of ASSISTANT_ACCOUNTS_FILE.\n"
        )
        return 0
    path = Path(file).expanduser()
    kept = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    others = [other for other in kept if other.partition(":")[0].strip() != name]
    path.touch(mode=0o600)
    path.write_text("\n".join([*others, line]) + "\n", encoding="utf-8")
    sys.stdout.write(f"{name} can sign in with this password once the program is started again.\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:26} {meaning} [{default}]" for name, default, meaning in described())
    parser = argparse.ArgumentParser(
        prog="app.py",
        description="Open the chat page of Cash Classifiers in this machine's browser.",
        epilog=f"settings, from the environment or a file .env:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 7860)")
    parser.add_argument(
        "--add-account", metavar="NAME", help="ask for a password and let this person sign in; starts nothing"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
