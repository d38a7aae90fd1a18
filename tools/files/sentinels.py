"""Knows the numbers that stand for "no value", such as -999, and how a column shows that they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import narwhals as nw

from tools import wording
from tools.core import CleaningStep, Fact
from tools.engine import Engine
from tools.files.drafts import Draft
from tools.files.surveying import Measured

CODE = "placeholder_numbers"
NOTHING = frozenset({-99, -999, -9999, -99999, -999999, -99.9, -999.9, -99.99, -999.99})
FEWEST = 2  # rows in which the number has to stand


def take_out_sentinels(engine: Engine, draft: Draft, measured: Mapping[str, Measured]) -> dict[str, Measured]:
    """Take -999 and its like for missing where it comes again and no other number is below nought.

    Args:
        engine: Holds the table as it was read.
        draft: What is shown and said is changed.
        measured: What was counted by column.

    Returns:
        The same, changed for these columns.
    """
    changed = dict(measured)
    for name, found in measured.items():
        if found.kind != "number" or found.minimum not in NOTHING or draft.decisions.is_off(CODE, name):
            continue
        above = engine.frame(draft.stored).filter(nw.col(name) > found.minimum)
        query = above.select(nw.col(name).min().alias("least"), nw.col(name).count().alias("n"))
        least, n = engine.collect(query).iloc[0].tolist()
        gone = found.n_present - int(n)
        if not n or least < 0 or gone < FEWEST or gone > n or name not in draft.shown:
            continue
        shown = draft.shown[name]
        draft.shown[name] = replace(shown, missing=(*shown.missing, float(found.minimum)))
        text = wording.number(found.minimum)
        cells = wording.count(gone, f"cell that holds {text} was", f"cells that hold {text} were")
        sentence = f"{name}: {cells} read as missing, because no other number in it is below 0."
        draft.steps.append(CleaningStep(CODE, name, gone, sentence, (Fact("placeholder", found.minimum),)))
        kept = tuple((value, rows) for value, rows in found.counts if value != found.minimum)
        changed[name] = replace(
            found, n_present=int(n), minimum=least, counts=kept, most=kept[0][1] if kept else found.most,
            n_distinct=None if found.n_distinct is None else found.n_distinct - 1,
        )  # fmt: skip
    return changed
