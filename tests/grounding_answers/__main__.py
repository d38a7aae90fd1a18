"""`python -m tests.grounding_answers [FILE ...]`: what the check of answers catches, by kind of answer."""

from __future__ import annotations

import argparse

from tests.grounding_answers import FOLDER, KEPT_APART, judged, table
from tests.grounding_answers.changing import caught

parser = argparse.ArgumentParser(description="Measure the check of numbers and names on answers with errors.")
parser.add_argument("file", nargs="*", default=sorted(path.name for path in FOLDER.glob("*.md")))
parser.add_argument("--failures", action="store_true", help="print each answer that was judged wrongly")
parser.add_argument(
    "--reveal", action="store_true", help="with --failures, print those of files kept apart too"
)
parser.add_argument(
    "--changed", action="store_true", help="make right answers wrong and count what is caught"
)
arguments = parser.parse_args()
for name in arguments.file:
    if arguments.changed:
        for kind, (made, marked) in sorted(caught(name).items()):
            print(f"{name}, {kind}: {marked} of {made} caught")
        continue
    found = judged(name)
    print(f"{name}: {len(found)} answers\n", *table(found), sep="\n")
    shown = arguments.failures and (arguments.reveal or not name.startswith(KEPT_APART))
    for each in found if shown else ():
        if each.missed or each.marked:
            print(f"\n[{each.answer.topic}, {each.answer.kind}] {each.answer.text}")
            print(f"    not caught: {list(each.missed)}; marked though right: {list(each.marked)}")
