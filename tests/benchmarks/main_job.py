"""Measures the main job from file to answer: segmentation, a question after it, page start, peak memory."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from assistant.agent import Agent
from assistant.session import Session, Turn
from assistant.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = (
    "what is the average balance of men and women",
    "top 10 cities by amount",
    "plot transactions per day",
    "how many customers bought more than once",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table; each measurement runs in a process of its own."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--rows", type=int, default=1_048_567)
    parser.add_argument("--data", type=Path, help="file to use instead of a generated one")
    parser.add_argument("--child", choices=["segment"], help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.child:
        print(json.dumps(_segment(chosen.data)))
        return
    with tempfile.TemporaryDirectory() as folder:
        data = chosen.data or _generated(Path(folder) / "transactions.csv", chosen.rows)
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.main_job",
            "--child",
            "segment",
            "--data",
            str(data),
        ]
        told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
        measured = json.loads(told)
        page = _page_seconds()
    print(f"{'measured':58} {'seconds':>9}  goal")
    for name, seconds, goal in [
        ("process start to imports done", measured["imports"], ""),
        ("file to data set described", measured["described"], ""),
        ("file to segments found and described", measured["segmented"], "15"),
        *((f"then: {question}", seconds, "1") for question, seconds in measured["questions"]),
        ("page ready after start", page, "5"),
    ]:
        print(f"{name:58} {seconds:9.2f}  {goal}")
    print(f"{'peak memory, GB':58} {measured['peak_gb']:9.2f}  1.5")
    print(f"file: {measured['megabytes']:.0f} MB, {measured['segments']} segments")


def _generated(path: Path, rows: int) -> Path:
    command = [sys.executable, "-m", "data.generate", "--rows", str(rows), "--out", str(path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return path


def _segment(data: Path) -> dict[str, object]:
    imports = time.process_time()
    started = time.perf_counter()
    session = Session.open([data])
    session.greeting()
    described = time.perf_counter() - started
    agent = Agent(Settings())
    for question in ("segment my customers", "describe each segment"):
        turn = _answered(agent, session, question)
    segmented = time.perf_counter() - started
    seconds = []
    for question in QUESTIONS:
        before = time.perf_counter()
        _answered(agent, session, question)
        seconds.append((question, time.perf_counter() - before))
    return {
        "imports": imports,
        "described": described,
        "segmented": segmented,
        "questions": seconds,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "megabytes": data.stat().st_size / 1e6,
        "segments": len(turn.segmentation.segments) if turn.segmentation else 0,
    }


def _answered(agent: Agent, session: Session, question: str) -> Turn:
    turn = list(agent.reply(session, question))[-1]
    if turn.status != "answered":
        raise RuntimeError(f"{question}: {turn.status}: {turn.answer}")
    return turn


def _page_seconds(port: int = 7931) -> float:
    started = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - started < 60:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
                return time.perf_counter() - started
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the page did not start within a minute")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
