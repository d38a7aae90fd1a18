"""Breaks files in a thousand ways and reads them: every one must become a table or one clear sentence.

Run with `python -m tests.fuzz [--inputs 1000000] [--seed 0] [--whole 50] [--keep FOLDER]`. Most inputs go
through finding, splitting and rewriting; one in `--whole` is loaded and described as a person would do it.
The reading is done by a second process, so that an input which ends the program is a finding like any other.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from tests.nasty import NastyFile, all_files
from tools.errors import ToolError
from tools.files.loading import load, proposals_of
from tools.files.sources import open_sources
from tools.understanding.describing import describe_data

LARGEST = 30_000  # bytes of the files that are broken
SECONDS = 20  # of a processor after which an input counts as a hang, however busy the machine is
TOLD_EVERY = 10_000  # inputs after which it is said how far it went
INPUTS_A_PROCESS = 50_000
TOKENS = [
    b"",
    *rb"""" ' , ; | \ "" ", = - -- ---- + ( ) % $ 1e999 1e308 -1e308 NaN inf -inf { } [ ] : null true
    31/12/9999 0000-00-00 99/99/99 1/1/1 24:00:00 12:60 2024-02-30 12345-01-01 Total sep=, PAR1 %d %Y-%m-%d
    customer_id segment Age column_1 2147483648 9223372036854775808 1.2.3.4 1,23,456.7""".split(),
    *(
        b"9" * 25,
        b"0" * 30,
        b"unread 0",
        b"\t",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\x00",
        b"\xff",
        b"\xfe\xff",
    ),
    *(
        b"\xef\xbb\xbf",
        b"\xe2\x82\xac",
        b"\xe5\x9c\xb0",
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"\x85",
        b"\x1c",
        b"\xe2\x80\xa8",
    ),
]


class Hang(BaseException):
    """An input took too long."""


def broken(seed: int, number: int, files: Sequence[NastyFile]) -> tuple[str, bytes]:
    """Return the name and the bytes of one input; the same for the same seed and number."""
    rng = random.Random(f"{seed}/{number}")
    file = rng.choice(files)
    content = file.content
    for _ in range(rng.choice((1, 1, 2, 3, 5, 12))):
        content = _broken_once(rng, content, files)
    return file.name, content[: 4 * LARGEST]


def _broken_once(rng: random.Random, content: bytes, files: Sequence[NastyFile]) -> bytes:
    start = rng.randrange(len(content) + 1)
    end = min(len(content), start + rng.choice((0, 1, 2, 8, 40, 400)))
    match rng.randrange(8):
        case 0:
            return content[:start] + bytes([rng.randrange(256)]) + content[start + 1 :]
        case 1:
            return content[:start] + content[end:]
        case 2:
            return content[:end] + content[start:end] * rng.choice((1, 2, 30)) + content[end:]
        case 3:
            return content[:start] if rng.random() < 0.3 else content[:end] + rng.choice(TOKENS)
        case 4:
            other = rng.choice(files).content
            return content[:start] + other[rng.randrange(len(other) + 1) :][:500] + content[end:]
        case 5:
            old, new = rng.choice(TOKENS[1:]), rng.choice(TOKENS)
            return content.replace(old, new, rng.choice((1, 3, -1)))
        case 6:
            lines = content.split(b"\n")
            rng.shuffle(lines)
            return b"\n".join(lines)
        case _:
            return content[:start] + rng.choice(TOKENS) + content[start:]


def read(path: Path, folder: Path, whole: bool) -> str:
    """Read one input as far as wanted; return what became of it."""
    try:
        if not whole:
            sources = open_sources([path], folder)
            for source in sources:
                proposals_of(source)
            return "opened"
        workspace = load([path])
        try:
            describe_data(workspace)
            for name, table in workspace.tables.items():
                frame = workspace.engine.collect(workspace.engine.frame(name))
                if len(frame) != table.n_rows:
                    raise AssertionError(f"{name} has {len(frame)} rows, not {table.n_rows}")
        finally:
            workspace.engine.close()
    except ToolError as error:
        if not error.wrong.endswith(".") or str(folder) in str(error) or "\n" in error.wrong:
            raise AssertionError(f"no clear sentence: {error.wrong!r}") from error
        return "refused"
    return "loaded"


def run(
    inputs: int, seed: int, whole: int, keep: Path | None = None, first: int = 0, place: Path | None = None
) -> Counter[str]:
    """Read many inputs and count what became of them; faults are printed once for each place.

    Args:
        inputs: How many.
        seed: Of what is done to the files.
        whole: One in so many is loaded and described.
        keep: Folder for inputs that were faults.
        first: Number of the first one.
        place: File to note in which number is being read.
    """
    files = [file for file in all_files() if len(file.content) <= LARGEST]
    ends: Counter[str] = Counter()
    seen: set[str] = set()
    signal.signal(signal.SIGPROF, _stop)
    for number in range(first, first + inputs):
        if place is not None:
            place.write_text(str(number))
        name, content = broken(seed, number, files)
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            (folder / "work").mkdir()
            (folder / name).write_bytes(content)
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            try:
                ends[read(folder / name, folder / "work", number % whole == 0)] += 1
            except (Exception, Hang) as fault:  # noqa: BLE001 - finding any is what this is for
                ends["fault"] += 1
                where = "".join(traceback.format_tb(fault.__traceback__)[-2:]) + type(fault).__name__
                if where not in seen:
                    seen.add(where)
                    print(f"-- input {number} of {name}: {type(fault).__name__} {fault}\n{where}", flush=True)
                    if keep is not None:
                        (keep / f"{number} {name}").write_bytes(content)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
        if (number + 1) % TOLD_EVERY == 0:
            print(f"up to number {number + 1:,}: {told(ends)}", flush=True)
    return ends


def told(ends: Counter[str]) -> str:
    """Say how many inputs came to which end."""
    return ", ".join(f"{n:,} {end}" for end, n in sorted(ends.items()))


def _stop(number: int, frame: FrameType | None) -> None:
    raise Hang(f"more than {SECONDS} s")


def outlive(inputs: int, seed: int, whole: int, keep: Path | None, first: int) -> Counter[str]:
    """Read the inputs in a process of their own, and go on behind each one that ends it."""
    ends: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        place, report = Path(folder) / "number", Path(folder) / "ends"
        last = first + inputs
        while first < last:
            command = [sys.executable, "-X", "faulthandler", "-m", "tests.fuzz", "--inside", folder]
            command += ["--inputs", str(min(last - first, INPUTS_A_PROCESS)), "--first", str(first)]
            command += ["--seed", str(seed), "--whole", str(whole), *(["--keep", str(keep)] if keep else [])]
            report.unlink(missing_ok=True)
            ended = subprocess.run(command, check=False).returncode
            if report.exists():
                ends.update(json.loads(report.read_text()))
                first += INPUTS_A_PROCESS
            else:  # what it had counted is lost with it
                number = int(place.read_text())
                print(f"-- input {number} ended the program with {ended}", flush=True)
                ends["ended the program"] += 1
                ends["read before that"] += number - first
                if keep is not None:
                    files = [file for file in all_files() if len(file.content) <= LARGEST]
                    name, content = broken(seed, number, files)
                    (keep / f"{number} {name}").write_bytes(content)
                first = number + 1
    return ends


def main() -> int:
    """Read the inputs and print what became of them; 1 if there was a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--whole", type=int, default=50, help="load and describe one in so many")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--keep", type=Path, help="folder for inputs that were faults")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.keep:
        chosen.keep.mkdir(parents=True, exist_ok=True)
    if chosen.inside:
        warnings.simplefilter("error")
        place, report = chosen.inside / "number", chosen.inside / "ends"
        ends = run(chosen.inputs, chosen.seed, chosen.whole, chosen.keep, chosen.first, place)
        report.write_text(json.dumps(ends))
        return 0
    ends = outlive(chosen.inputs, chosen.seed, chosen.whole, chosen.keep, chosen.first)
    print(told(ends))
    return 1 if ends["fault"] or ends["ended the program"] else 0


if __name__ == "__main__":
    sys.exit(main())
