"""Runs the benchmarks: `python -m tests.benchmarks [NAME and its arguments]`, NAME a file of this folder."""

from __future__ import annotations

import runpy
import sys

QUICK = ("main_job", "loading")


def main(arguments: list[str]) -> None:
    """Run the named benchmark with its arguments, or the quick ones."""
    chosen = [arguments] if arguments else [[name] for name in QUICK]
    for name, *rest in chosen:
        print(f"\n== {name}", flush=True)
        sys.argv = [name, *rest]
        runpy.run_module(f"tests.benchmarks.{name}", run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
