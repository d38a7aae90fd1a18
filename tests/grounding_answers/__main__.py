"""`python -m tests.grounding_answers [FILE ...] [--failures]`: what the check of answers catches, by kind."""

from __future__ import annotations

import argparse

from tests.grounding_answers import FOLDER, judged, table

parser = argparse.ArgumentParser(description="Measure the check of numbers and names on answers with errors.")
parser.add_argument("file", nargs="*", default=sorted(path.name for path in FOLDER.glob("*.md")))
parser.add_argument("--failures", action="store_true", help="print each answer that was judged wrongly")
arguments = parser.parse_args()
for name in arguments.file:
    found = judged(name)
    print(f"{name}: {len(found)} answers\n", *table(found), sep="\n")
    for each in found if arguments.failures else ():
        if each.missed or each.marked:
            print(f"\n[{each.answer.topic}, {each.answer.kind}] {each.answer.text}")
            print(f"    not caught: {list(each.missed)}; marked though right: {list(each.marked)}")
