"""Knows the stages of a customer's life (new, active, at risk, lapsed), with limits that the data suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

import narwhals as nw
import numpy as np
from pydantic import Field

from tools.core import ToolResult, Workspace, tool
from tools.customers.features import customers
from tools.customers.purchases import DAY, Purchases, purchases
from tools.errors import ToolError
from tools.forecasts.overdue import TELLS_LITTLE
from tools.forecasts.value_gates import is_account, notes_on, words_for
from tools.profiles.rule_text import condition, to_json
from tools.quoting import Quotes
from tools.segments.ruled import made
from tools.selecting import Condition
from tools.wording import day, listing

Stage = Literal["new", "active", "returning", "loyal", "one-time", "at risk", "lapsed"]
STANDARD: tuple[Stage, ...] = ("new", "active", "at risk", "lapsed")
SOON, LATE = 0.75, 0.95  # of the pauses between purchases: as long as most, and longer than nearly all
LEAST_PAUSES = 100  # five of them lie beyond 95 %
LEAST_AGAIN = 0.2  # of the customers: where fewer came back, their pauses say nothing of the others
MOST_OF_HISTORY = 0.75  # of the days observed may lie before the limit of the lapsed
LEAST_LOYAL = 3  # purchases, the least that show a rhythm
FEW_IN_CHECK = 20  # groups smaller than this say nothing in the check

_RECENCY, _TENURE, _COUNT = "recency_days", "tenure_days", "n_transactions"


@tool
def segment_by_lifecycle(
    workspace: Workspace,
    stages: Sequence[Stage] = STANDARD,
    names: Sequence[str] = (),
    active_days: Annotated[int, Field(ge=1)] | None = None,
    lapsed_days: Annotated[int, Field(ge=2)] | None = None,
    name: str | None = None,
    preview: bool = False,
) -> ToolResult:
    """Make segments by stage of a customer's life, with limits from the pauses between purchases.

    Args:
        workspace: Tables and segmentations.
        stages: Stages in the order shown.
        names: What they are called, in that order.
        active_days: Active up to so many days after the last purchase, new after the first.
        lapsed_days: Lapsed beyond so many days.
        name: Name of the segmentation.
        preview: Change nothing.
    """
    if not stages or len(set(stages)) < len(stages):
        raise ToolError("Each stage can be asked for once.", "Say e.g. 'new, active, at risk and lapsed'.")
    if names and len(names) != len(stages):
        raise ToolError("There must be as many names as stages.", "Give one name for each stage, or none.")
    bought, quotes = purchases(workspace), Quotes()
    limits = _limits(bought, active_days, lapsed_days)
    if limits is None:
        return _cannot(workspace, bought)
    frame = customers(workspace)
    rules = [(stage, to_json(_conditions(stage, limits, stages))) for stage in stages]
    called = names or [stage.capitalize() for stage in stages]
    findings = [_definition(workspace, bought, limits, stages, quotes)]
    if "lapsed" in stages and (checked := _check(bought, limits, quotes)) is not None:
        findings.append(checked)
    caveats = notes_on(workspace.table, bought, quotes)
    if is_account(workspace.table):
        caveats = (*caveats, "An account ends by being closed, not by silence: read lapsed as not in use.")
    return made(
        workspace, frame, "rules", name or "Lifecycle", f"{len(rules)} stages of the customer's life",
        (_RECENCY, _TENURE, _COUNT), [(one, rule) for one, (_, rule) in zip(called, rules, strict=True)],
        "Everyone else", preview=preview, caveats=caveats, facts=quotes.facts, findings=tuple(findings),
    )  # fmt: skip


@dataclass(frozen=True)
class _Limits:
    """Days up to which a customer is active, beyond which lapsed; the pauses they come from, if they do."""

    active: int
    lapsed: int
    n_pauses: int = 0


def _conditions(stage: Stage, limits: _Limits, stages: Sequence[Stage]) -> list[Condition]:
    """Return what holds of the customers in a stage, so that no two stages share one."""
    cooling = "at risk" in stages
    until = limits.active if cooling else limits.lapsed
    here = condition(_RECENCY, "at_most", until)
    older = [condition(_TENURE, "above", limits.active)] if "new" in stages else []
    match stage:
        case "new":
            return [
                condition(_RECENCY, "at_most", limits.active),
                condition(_TENURE, "at_most", limits.active),
            ]
        case "lapsed":
            return [condition(_RECENCY, "above", limits.lapsed)]
        case "at risk":
            return [
                condition(_RECENCY, "above", limits.active),
                condition(_RECENCY, "at_most", limits.lapsed),
            ]
        case "one-time":
            return [here, *older, condition(_COUNT, "equal", 1)]
        case "returning":
            most = [condition(_COUNT, "below", LEAST_LOYAL)] if "loyal" in stages else []
            return [here, *older, condition(_COUNT, "at_least", 2), *most]
        case "loyal":
            return [here, *older, condition(_COUNT, "at_least", LEAST_LOYAL)]
        case "active":
            return [here, *older, *_not_taken(stages)]


def _not_taken(stages: Sequence[Stage]) -> list[Condition]:
    """Return what sets the active apart from other stages of those who bought lately."""
    least = [condition(_COUNT, "above", 1)] if "one-time" in stages else []
    most = 2 if "returning" in stages else LEAST_LOYAL if "loyal" in stages else None
    return [*least, *([condition(_COUNT, "below", most)] if most else [])]


def _limits(bought: Purchases, active: int | None, lapsed: int | None) -> _Limits | None:
    """Return the limits given, the others from the pauses between purchases; None where these say nothing.

    Raises:
        ToolError: If those given are in the wrong order.
    """
    if active is not None and lapsed is not None:
        if active >= lapsed:
            raise ToolError(
                f"Customers cannot be active up to {active} days and lapsed beyond {lapsed} days.",
                "Give more days for lapsed than for active.",
            )
        return _Limits(active, lapsed)
    pauses = _pauses(bought)
    n = sum(pauses.values())
    if n < LEAST_PAUSES or bought.n_repeaters < LEAST_AGAIN * bought.n_customers:
        return None
    soon, late = _quantile(pauses, SOON), _quantile(pauses, LATE)
    if lapsed is not None:
        return _Limits(max(1, min(soon, lapsed - 1)), lapsed, n)
    late = max(late, soon + 1, (active or 0) + 1)
    return _Limits(active or max(1, soon), late, n) if late <= MOST_OF_HISTORY * bought.span_days else None


def _cannot(workspace: Workspace, bought: Purchases) -> ToolResult:
    """Say why these data do not tell who is lapsed, and what to do instead."""
    quotes, words = Quotes(), words_for(workspace.table)
    pauses = _pauses(bought)
    again = quotes.share("came_again_share_pct", bought.n_repeaters / bought.n_customers)
    everybody = quotes.count("customers_all", bought.n_customers, "customer")
    days = quotes.count("history_days", bought.span_days, "day")
    known = quotes.count("n_pauses", sum(pauses.values()), "pause")
    quotes.note("pauses_needed", LEAST_PAUSES)
    headline = (
        f"These data cannot say who is active and who is lapsed: **{again}** of {everybody} {words.bought} on"
        f" two days or more, which makes {known} between {words.purchases} in a history of {days}."
    )
    if pauses:
        late = quotes.count("pauses_late_days", _quantile(pauses, LATE), "day")
        headline = f"{headline[:-1]}, and 95% of them last up to {late}."
        quotes.note("pauses_late_pct", 100 * LATE, "%")
    findings = (
        "How long a silence is usual has to be known before a longer one means anything. You can set the days"
        " yourself (“bought in the last month is Active, the others are Lapsed”), make tiers by value"
        " (“segment by value”), or ask for segments by behaviour (“segment my customers”).",
    )
    return ToolResult(headline, quotes.facts, findings, caveats=notes_on(workspace.table, bought, quotes))


def _pauses(bought: Purchases) -> dict[int, int]:
    """Return how often each number of days lies between a customer's purchase day and the next."""

    def counted() -> dict[int, int]:
        pause = nw.col(DAY) - nw.col(DAY).shift(1).over(bought.key, order_by=DAY)
        rows = bought.frame.with_columns(pause.alias("|pause"))
        known = rows.filter(~nw.col("|pause").is_null()).group_by("|pause").agg(nw.len().alias("n"))
        frame = bought.engine.collect(known.sort("|pause"))
        return {int(days): int(n) for days, n in zip(frame["|pause"], frame["n"], strict=True)}

    return bought.engine.memo(("pauses", bought.name), counted)


def _quantile(counts: dict[int, int], part: float) -> int:
    """Return the fewest days that at least a part of the pauses do not exceed."""
    days = np.fromiter(counts, dtype=np.int64)
    reached = np.cumsum(np.fromiter(counts.values(), dtype=np.int64))
    return int(days[np.searchsorted(reached, part * reached[-1] - 1e-9)])


def _definition(
    workspace: Workspace, bought: Purchases, limits: _Limits, stages: Sequence[Stage], quotes: Quotes
) -> str:
    """Say what the stages mean, and where the limits come from."""
    words, end = words_for(workspace.table), day(bought.last)
    active = quotes.count("active_days", limits.active, "day")
    lapsed = quotes.count("lapsed_days", limits.lapsed, "day")
    quotes.note("counted_to", bought.last.isoformat())
    source = "The limits are yours"
    if limits.n_pauses:
        n = quotes.count("n_pauses", limits.n_pauses, "pause")
        quotes.note("pauses_within_active_pct", 100 * SOON, "%")
        quotes.note("pauses_within_lapsed_pct", 100 * LATE, "%")
        source = (
            f"Of {n} between one {words.purchase} and the next, 75% last at most {active} and 95% at most"
            f" {lapsed}"
        )
    until = active if "at risk" in stages else lapsed
    here = "the active" if "active" in stages else "those still here"
    meant = [f"the last {words.purchase} of {here} is at most {until} ago"]
    meant += [f"that of the lapsed more than {lapsed} ago"] if "lapsed" in stages else []
    meant += [f"the first of the new at most {active} ago"] if "new" in stages else []
    meant += [f"the loyal have {LEAST_LOYAL} or more"] if "loyal" in stages else []
    if "loyal" in stages:
        quotes.note("least_purchases_of_loyal", LEAST_LOYAL)
    told = f"**How it is cut.** {source}. So {listing(meant)}, counted to {end}."
    return f"{told} Say other limits to change them."


def _check(bought: Purchases, limits: _Limits, quotes: Quotes) -> str | None:
    """Say how many came back who were lapsed by the same rule at an earlier date; None where few were."""
    days = bought.span_days // 4
    until = (bought.last - timedelta(days=days)).toordinal()
    at = nw.col(DAY)
    known = bought.frame.group_by(bought.key).agg(
        nw.when(at <= until).then(at).max().alias("|last"), at.max().alias("|end")
    )
    frame = bought.engine.collect(known.filter(~nw.col("|last").is_null()).sort(bought.key))
    lapsed = (until - frame["|last"].to_numpy(dtype=np.int64)) > limits.lapsed
    back = frame["|end"].to_numpy(dtype=np.int64) > until
    n_lapsed, n_other = int(lapsed.sum()), int((~lapsed).sum())
    if min(n_lapsed, n_other) < FEW_IN_CHECK:
        return None
    ago = quotes.count("check_days", days, "day")
    then = quotes.count("check_lapsed", n_lapsed, "customer")
    came = quotes.share("check_lapsed_back_pct", float(back[lapsed].mean()))
    others = quotes.share("check_others_back_pct", float(back[~lapsed].mean()))
    little = float(back[lapsed].mean()) > TELLS_LITTLE * float(back[~lapsed].mean())
    verdict = " Such a silence told little there: do not write these customers off." if little else ""
    return (
        f"**What it has meant before.** {ago} before the end of the data, {then} were lapsed by the same"
        f" rule; {came} of them came back in those {ago}, against {others} of the others.{verdict}"
    )


@tool
def count_active(workspace: Workspace, active_days: int | None = None) -> ToolResult:
    """Count the customers who are active, those at risk and the lapsed ones, and change nothing.

    Args:
        workspace: Tables and segmentations.
        active_days: Active up to so many days after the last purchase.
    """
    stages: tuple[Stage, ...] = ("active", "at risk", "lapsed")
    counted = segment_by_lifecycle(workspace, stages, active_days=active_days, preview=True)
    if not counted.tables:
        return counted
    table = counted.tables[0]
    size, part = table.columns.index("Customers"), table.columns.index("Share of customers")
    by_name = {str(row[0]): row for row in table.rows}
    quotes, words = Quotes(), words_for(workspace.table)
    active = by_name.get("Active")
    n = int(str(active[size])) if active else 0
    everybody = quotes.count("n_customers", sum(int(str(row[size])) for row in table.rows), "customer")
    share = quotes.share("active_share_pct", float(str(active[part])) / 100 if active else 0.0)
    days = next(int(fact.value) for fact in counted.facts if fact.name == "active_days")  # type: ignore[arg-type]
    limit = quotes.count("active_days", days, "day")
    count = quotes.count("active_customers", n, "customer")
    verb = "is" if n == 1 else "are"
    when = f"their last {words.purchase} is at most {limit} ago"
    headline = f"**{count}** of {everybody} ({share}) {verb} active: {when}."
    findings = tuple(one for one in counted.findings if not one.startswith("Nothing was changed"))
    return ToolResult(
        headline, (*quotes.facts, *counted.facts), findings, counted.tables, counted.figures, counted.caveats
    )
