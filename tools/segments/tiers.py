"""Knows how customers are put into tiers by one number: top shares, equal parts, stated amounts."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

from tools.core import Column, Fact, ToolResult, Workspace, tool
from tools.customers.features import CustomerFrame, customers
from tools.errors import ToolError
from tools.profiles.rule_text import condition, to_json
from tools.segments.ruled import made
from tools.segments.segmented import customer_column, free_name, label_of, ranking_column
from tools.wording import number, share

Floats = npt.NDArray[np.float64]


@tool
def segment_by_value(
    workspace: Workspace,
    column: str | None = None,
    top_shares: list[float] | None = None,
    quantiles: Annotated[int, Field(ge=2, le=20)] | None = None,
    thresholds: list[float] | None = None,
    value_shares: list[float] | None = None,
    names: list[str] | None = None,
    name: str | None = None,
) -> ToolResult:
    """Put customers into tiers by one number: the top shares, equal-sized tiers, or stated thresholds.

    Args:
        workspace: Tables and segmentations.
        column: The number to rank by; by default what customers are worth so far.
        top_shares: Percent of customers in each tier from the top, e.g. [20] or [5, 15].
        quantiles: Number of tiers of about equal size instead.
        thresholds: Amounts at which a tier begins instead.
        value_shares: Percent of the total that each tier brings in, the best first: [80, 15] is ABC.
        names: Names of the tiers from the top.
        name: Name of the segmentation.
    """
    frame = customers(workspace)
    known = customer_column(frame, column) if column else _default_value(frame)
    if known.kind != "number":
        raise ToolError(f"{known.name} has no order by size.", "Name a column with numbers.")
    values = frame.everybody()[known.name].to_numpy(dtype=np.float64, na_value=np.nan)
    present = np.sort(values[np.isfinite(values)])
    if not present.size:
        raise ToolError(f"{known.name} has no values.", "Name another column.")
    if value_shares and (top_shares or quantiles or thresholds):
        raise ToolError(
            "Tiers by share of value and by anything else cannot be mixed.", "Choose one of them."
        )
    if value_shares:
        cuts, standard = _cuts_by_value(present, known, value_shares)
    else:
        cuts, standard = _cuts(present, known, top_shares or [], quantiles, thresholds or [])
    told = _given_names(names or [], standard)
    rules = [
        (tier, to_json([condition(known.name, "at_least", cut)]))
        for tier, cut in zip(told, cuts, strict=False)
    ]
    missing = int(values.size - present.size)
    label = label_of(frame, known.name)
    caveats = [f"Customers with the same {label} share a tier, so a tier can differ from its share."]
    facts = [Fact(f"threshold_{i + 1}", cut, known.unit, label) for i, cut in enumerate(cuts)]
    if missing:
        caveats.append(f"{missing:,} customers without {label} are in {told[-1]}.")
        facts.append(Fact("n_missing", missing, "customers", label))
    if column is None:
        caveats.append(f"Worth is read here as {label}; name another column to rank by something else.")
    findings, noted = _concentration(present, label)
    if value_shares or (top_shares in (None, [], [20.0]) and not quantiles and not thresholds):
        findings = ()  # the tiers themselves say it, with ties on the same side
    return made(
        workspace,
        frame,
        "tiers",
        name or f"Tiers by {label}",
        f"tiers by {label}",
        (known.name,),
        rules,
        told[-1],
        caveats=tuple(caveats),
        facts=(*facts, *noted),
        findings=findings,
    )


def _default_value(frame: CustomerFrame) -> Column:
    value = ranking_column(frame.table)
    if value is None:
        numbers = tuple(
            column.name for column in frame.table.columns if column.role in ("measure", "balance")
        )
        raise ToolError(
            "It is not clear what customers are worth here.", "Name a column to rank by.", numbers[:6]
        )
    return value


def _cuts(
    present: Floats,
    column: Column,
    top_shares: list[float],
    quantiles: int | None,
    thresholds: list[float],
) -> tuple[list[float], list[str]]:
    """Return where tiers begin, descending, and a standard name for each tier, the last one included."""
    if sum(map(bool, (top_shares, quantiles, thresholds))) > 1:
        raise ToolError("Tiers by share, by number and by amount cannot be mixed.", "Choose one of them.")
    if thresholds:
        cuts = sorted({float(cut) for cut in thresholds}, reverse=True)
        written = [number(cut, column.unit) for cut in cuts]
        between = [f"{number(low)} to under {high}" for high, low in zip(written, cuts[1:], strict=False)]
        return cuts, [f"{written[0]} and more", *between, f"Under {written[-1]}"]
    if quantiles:
        shares = [100 / quantiles] * (quantiles - 1)
        standard = [f"Tier {i + 1} of {quantiles}" for i in range(quantiles)]
        if quantiles in (3, 4, 5, 10):
            word = {3: "third", 4: "quarter", 5: "fifth", 10: "tenth"}[quantiles]
            standard = [
                f"Top {word}",
                *(f"{_ORDER[i]} {word}" for i in range(1, quantiles - 1)),
                f"Bottom {word}",
            ]
    else:
        shares = top_shares or [20.0]
        if not all(part > 0 for part in shares) or sum(shares) >= 100:
            raise ToolError("Top shares are percentages that sum to less than 100.", "Say e.g. top 20%.")
        standard = [
            f"Top {number(part, '%')}" if i == 0 else f"Next {number(part, '%')}"
            for i, part in enumerate(shares)
        ]
        standard.append("Everyone else")
    n, reached = present.size, np.cumsum(shares)
    cuts = [float(present[n - max(1, int(np.ceil(n * part / 100 - 1e-9)))]) for part in reached]
    if len(set(cuts)) < len(cuts):
        same = next(high for high, low in pairwise(cuts) if high == low)
        raise ToolError(
            f"So many customers have the same {column.name} ({number(same, column.unit)}) that tiers of this "
            "size cannot be told apart.",
            "Use fewer tiers, or thresholds.",
        )
    if cuts[-1] <= present[0]:
        raise ToolError(
            f"The last tier would be empty: {column.name} is the same for most.", "Use fewer tiers."
        )
    return cuts, standard


def _cuts_by_value(present: Floats, column: Column, shares: list[float]) -> tuple[list[float], list[str]]:
    """Return where tiers begin that bring in shares of the total, the best customers first, and their names.

    A tier ends with the customer who reaches its share, so that the tiers before it hold at least that much.
    """
    if not all(part > 0 for part in shares) or sum(shares) >= 100:
        raise ToolError(
            "Shares of the total are percentages that sum to less than 100.", "Say e.g. 80 and 15."
        )
    if present[0] < 0 or present.sum() <= 0:
        raise ToolError(f"{column.name} has no shares of a total.", "Name an amount that is never below 0.")
    falling = present[::-1]
    reached = np.cumsum(falling) / present.sum()
    places = [int(np.searchsorted(reached, part / 100 - 1e-12)) for part in np.cumsum(shares)]
    cuts = [float(falling[place]) for place in places]
    if len(set(cuts)) < len(cuts) or cuts[-1] <= present[0]:
        raise ToolError(f"Too few customers hold {column.name} for these tiers.", "Use fewer tiers.")
    if len(shares) == 1:
        return cuts, [f"First {number(shares[0], '%')} of the total", "Everyone else"]
    return cuts, [chr(ord("A") + i) for i in range(len(shares) + 1)]


_ORDER = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


def _given_names(names: list[str], standard: list[str]) -> list[str]:
    if len(names) > len(standard):
        raise ToolError(
            f"There are {len(standard)} tiers and {len(names)} names.", f"Give {len(standard)} names at most."
        )
    told: list[str] = []
    for i, usual in enumerate(standard):
        told.append(free_name(names[i].strip() if i < len(names) and names[i].strip() else usual, set(told)))
    return told


def _concentration(present: Floats, label: str) -> tuple[tuple[str, ...], tuple[Fact, ...]]:
    """Say how much the top fifth holds, which is what value tiers are usually about."""
    total = float(present.sum())
    if total <= 0 or present[0] < 0:
        return (), ()
    top = present[present.size - max(1, round(0.2 * present.size)) :]
    held = float(top.sum()) / total
    facts = (
        Fact("top_share_of_customers_pct", 20.0, "%", label),
        Fact("top_share_of_value_pct", 100 * held, "%", label),
    )
    return (f"The top 20% of customers hold {share(held)} of {label}.",), facts
