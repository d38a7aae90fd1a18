"""`python -m tests.grounding_answers [FILE ...]`: what the check of answers catches, by kind of answer."""

from __future__ import annotations

import argparse

from tests.grounding_answers import FOLDER, KEPT_APART, judged, table

parser = argparse.ArgumentParser(description="Measure the check of numbers and names on answers with errors.")
parser.add_argument("file", nargs="*", default=sorted(path.name for path in FOLDER.glob("*.md")))
parser.add_argument("--failures", action="store_true", help="print each answer that was judged wrongly")
parser.add_argument(
    "--reveal", action="store_true", help="with --failures, print those of files kept apart too"
)
arguments = parser.parse_args()
for name in arguments.file:
    found = judged(name)
    print(f"{name}: {len(found)} answers\n", *table(found), sep="\n")
    shown = arguments.failures and (arguments.reveal or not name.startswith(KEPT_APART))
    for each in found if shown else ():
        if each.missed or each.marked:
            print(f"\n[{each.answer.topic}, {each.answer.kind}] {each.answer.text}")
            print(f"    not caught: {list(each.missed)}; marked though right: {list(each.marked)}")
