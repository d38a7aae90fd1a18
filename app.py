"""Starts the chat page: settings, memory, model and page are put together here."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace

from assistant.agent import Agent
from assistant.memory import Memory
from assistant.settings import described, from_environment
from assistant.ui.launch import serve
from tools.errors import ToolError


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the page; return 2 with one line on standard error if it cannot be served."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    chosen = _parser().parse_args(arguments)
    try:
        settings = from_environment()
        settings = replace(settings, host=chosen.host or settings.host, port=chosen.port or settings.port)
        agent = Agent(settings, Memory(settings.path / "memory"))
        serve(settings, agent, agent.model_label, ready=_say_where)
    except ToolError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _say_where(address: str) -> None:
    sys.stdout.write(f"Cash Classifiers is ready at {address}  (end with Ctrl+C)\n")
    sys.stdout.flush()


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
    return parser


if __name__ == "__main__":
    sys.exit(main())
