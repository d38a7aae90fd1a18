"""Runs the benchmarks: `python -m tests.benchmarks [main_job | loading | segments] [options]`; the first two by default."""

from __future__ import annotations

import importlib
import sys

ALL = ("main_job", "loading", "segments")


def main(arguments: list[str]) -> None:
    """Run the named benchmark with its options, or the quick ones."""
    named = [arguments[0]] if arguments and arguments[0] in ALL else ["main_job", "loading"]
    options = arguments[1:] if arguments and arguments[0] in ALL else arguments
    for name in named:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"tests.benchmarks.{name}").main(options)


if __name__ == "__main__":
    main(sys.argv[1:])
