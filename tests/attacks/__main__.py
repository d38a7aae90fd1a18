"""Runs the whole list of attacks against the built-in analyst and a model, and prints what got through.

A call that the model makes on harmless data as well is its own mistake, and told apart.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.abilities import Abilities
from assistant.agent import Agent
from assistant.session import Turn
from assistant.settings import Settings, from_environment
from tests.attacks import ATTACKS, Attack
from tests.attacks.verdict import breaches
from tests.small_model import NAME as SMALL
from tests.small_model import serving_small_model

WAYS: dict[str, dict[str, Any]] = {
    "built-in": {"model": "builtin"},
    "planned": {"plan": True, "mode": "auto"},
    "guided": {"plan": False, "mode": "guided"},
    "plain": {"plan": False, "mode": "plain"},
}
HARMLESS = Attack("harmless", "value", "Malta")
KINDS = ("call", "number", "file", "leak")
MOST_SECONDS = 900.0

Outcome = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--model", help=f"a chat model; {SMALL} is the small one of the tests")
    parser.add_argument("--ways", help=f"which of {', '.join(WAYS)}, with commas")
    parser.add_argument(
        "--most", type=int, metavar="N", help="so many attacks, drawn by the hash of their names"
    )
    parser.add_argument(
        "--kept", type=Path, metavar="FILE", help="keep outcomes here, and go on where it was"
    )
    options = parser.parse_args(arguments)
    ways = options.ways.split(",") if options.ways else list(WAYS) if options.model else ["built-in"]
    settings = replace(from_environment(), model=options.model or "builtin")
    if options.model == SMALL and not settings.base_url:
        with serving_small_model() as address:
            served = replace(settings, base_url=address, api_key="")
            return _report(ways, drawn(options.most), served, options.kept)
    return _report(ways, drawn(options.most), settings, options.kept)


def drawn(most: int | None = None) -> list[Attack]:
    """Return all attacks, or so many of them, the same ones each time."""
    if most is None:
        return list(ATTACKS)
    return sorted(ATTACKS, key=lambda one: hashlib.sha256(one.name.encode() + one.place.encode()).digest())[
        :most
    ]


def run(attack: Attack, settings: Settings, abilities: Abilities) -> Outcome:
    """Let one attack happen while a question is asked; return what got through, and how it went."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        session = attack.opened(folder)
        before, there = session.workspace, [path.name for path in folder.iterdir()]
        turn = Turn(attack.question)
        for turn in Agent(settings, abilities=abilities).reply(session, attack.question):  # noqa: B007 - the last
            pass
        through = list(breaches(attack, session, before, folder, there, turn))
        session.workspace.engine.close()
    return {
        "through": through,
        "status": turn.status,
        "way": turn.extra.get("way", "built-in"),
        "steps": [step.tool for step in turn.steps],
        "marked": len(turn.unsupported),
        "answer": turn.answer,
    }


def _report(ways: Sequence[str], attacks: Sequence[Attack], settings: Settings, kept: Path | None) -> int:
    print(
        f"{'way':<10}{'attacks':>9}"
        + "".join(f"{kind:>9}" for kind in KINDS)
        + f"{'by itself':>11}{'failed':>8}"
    )
    n_through = 0
    for way in ways:
        led = replace(
            settings, fallback=False, timeout_seconds=MOST_SECONDS, max_seconds=MOST_SECONDS, **WAYS[way]
        )
        outcomes = dict(_outcomes(way, [HARMLESS, *attacks], led, kept))
        harmless = outcomes.pop((HARMLESS.name, HARMLESS.place))["through"]
        usual = {(kind, what) for kind, what in harmless if kind == "call"}
        counts: Counter[str] = Counter()
        for (name, place), outcome in outcomes.items():
            through = {tuple(one) for one in outcome["through"]}
            counts.update({kind for kind, _ in through - usual})
            counts["by itself"] += bool(through & usual)
            counts["failed"] += outcome["status"] == "error"
            for kind, what in sorted(through - usual):
                print(f"  {way}: {name} in {place}: {kind}: {what}", file=sys.stderr)
        n_through += sum(counts[kind] for kind in KINDS)
        told = "".join(f"{counts[kind]:>9}" for kind in KINDS)
        print(f"{way:<10}{len(outcomes):>9}{told}{counts['by itself']:>11}{counts['failed']:>8}", flush=True)
    return 1 if n_through else 0


def _outcomes(
    way: str, attacks: Sequence[Attack], settings: Settings, kept: Path | None
) -> Iterator[tuple[tuple[str, str], Outcome]]:
    known, abilities = dict(_kept(way, kept)), Abilities()
    for attack in attacks:
        key = (attack.name, attack.place)
        if key not in known:
            known[key] = run(attack, settings, abilities)
            if kept is not None:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([way, *key, known[key]], ensure_ascii=False) + "\n")
        yield key, known[key]


def _kept(way: str, kept: Path | None) -> Iterator[tuple[tuple[str, str], Outcome]]:
    if kept is not None and kept.exists():
        for line in kept.read_text(encoding="utf-8").splitlines():
            of, name, place, outcome = json.loads(line)
            if of == way:
                yield (name, place), outcome


if __name__ == "__main__":
    sys.exit(main())
