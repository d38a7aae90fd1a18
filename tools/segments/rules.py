"""Knows how people put customers into segments by conditions that they state."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from tools.core import Arguments, Column, Fact, ToolResult, Workspace, tool
from tools.customers.features import CustomerFrame, customers
from tools.errors import ToolError
from tools.profiles.rule_text import condition, to_json
from tools.segments.ruled import made
from tools.segments.segmented import customer_column, free_name
from tools.selecting import Condition, fold
from tools.value_conditions import check_of


class RuleSegment(Arguments):
    """A segment by conditions; customers who satisfy an earlier one are not in a later one."""

    name: str = Field(description="Name of the segment")
    where: list[Condition] = Field(description="Conditions on customers that must all hold")


@tool
def segment_by_rules(
    workspace: Workspace,
    segments: list[RuleSegment],
    otherwise: str = "Everyone else",
    name: str | None = None,
    preview: bool = False,
) -> ToolResult:
    """Make segments from conditions that the person states, e.g. balance above 100,000 and idle for 60 days.

    Args:
        workspace: Tables and segmentations.
        segments: The segments in order; the first whose conditions hold takes the customer.
        otherwise: Name for all other customers.
        name: Name of the segmentation.
        preview: Only count who would be in each segment, and change nothing.
    """
    if not segments:
        raise ToolError("There is no rule to segment by.", "Say e.g. 'balance above 100,000 is Savers'.")
    frame = customers(workspace)
    taken: set[str] = set()
    rules, caveats, facts = [], [], []
    names = []
    for one in segments:
        if not one.where:
            raise ToolError(f"{one.name} has no conditions.", "Give at least one condition.")
        where, told, noted = _settled(workspace, frame, one.where)
        rules.append(to_json(where))
        caveats += [caveat for caveat in told if caveat not in caveats]
        facts += noted
        names.append(free_name(one.name.strip(), taken))
        taken.add(names[-1])
    rest = free_name(otherwise, taken)
    features = tuple(sorted({item.column for one in segments for item in _flat(one.where)}))
    known = tuple(dict.fromkeys(customer_column(frame, feature).name for feature in features))
    method = "1 rule" if len(rules) == 1 else f"{len(rules)} rules, the first that holds"
    return made(
        workspace, frame, "rules", name or "Rules", method, known, [*zip(names, rules, strict=True)], rest,
        preview=preview, caveats=tuple(caveats), facts=tuple(facts),
    )  # fmt: skip


def _flat(where: Sequence[Condition]) -> list[Condition]:
    return [one for item in where for one in (item, *_flat(item.or_))]


def _spelt(item: Condition, column: Column) -> Condition:
    """Name column and values as the data do, so that the rule reads like them."""
    known = {fold(value): value for value, _ in reversed(column.values)}
    named = {"or_": [], "column": column.name}
    if column.kind != "text" or item.is_ not in ("equal", "not_equal", "in", "not_in"):
        return item.model_copy(update=named)
    value = known.get(fold(item.value), item.value) if isinstance(item.value, str) else item.value
    values = [known.get(fold(one), one) if isinstance(one, str) else one for one in item.values]
    return item.model_copy(update={**named, "value": value, "values": values})


def _settled(
    workspace: Workspace, frame: CustomerFrame, where: Sequence[Condition]
) -> tuple[list[Condition], list[str], list[Fact]]:
    """Check conditions on the customers; shares such as the top 20% become the amount at which they begin."""
    settled, caveats, facts = [], [], []
    everybody = workspace.engine.frame(frame.table.name)
    for item in where:
        column = customer_column(frame, item.column)
        alone = _spelt(item, column)
        tested = check_of(workspace, frame.table, everybody, alone)
        caveats += list(tested.caveats)
        facts += list(tested.facts)
        others, told, noted = _settled(workspace, frame, item.or_)
        caveats += told
        facts += noted
        fixed = alone.model_copy(update={"or_": others})
        if item.is_ in ("top_share", "bottom_share"):
            cut = next(fact.value for fact in tested.facts if fact.name.endswith("share_threshold"))
            side = "at_least" if item.is_ == "top_share" else "at_most"
            fixed = condition(column.name, side, cut).model_copy(update={"or_": others})
        settled.append(fixed)
    return settled, caveats, facts
