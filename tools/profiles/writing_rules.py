"""Knows how the rules of segments are written for a person and for a CRM."""

from __future__ import annotations

from tools.core import ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.profiles.describing_rules import rule_scheme
from tools.profiles.profile_charts import rule_tree
from tools.profiles.rule_schemes import RuleScheme
from tools.profiles.rule_text import from_json, identifier, literal, sql_all_of, sql_any_of
from tools.profiles.rule_words import note_thresholds, reader_of, rule_words, rules_table
from tools.quoting import Quotes
from tools.segments.segmented import Segmented, find_segment, require, segmented
from tools.wording import day


@tool
def write_rule(workspace: Workspace, segment: str | None = None) -> ToolResult:
    """Write a segment as a rule for a CRM: in plain words and as SQL, with coverage, purity and fidelity.

    Args:
        workspace: Tables and segmentations.
        segment: Name or number of one segment; leave out for the whole scheme as one CASE expression.
    """
    segmentation = require(workspace)
    placed = segmented(workspace, segmentation)
    scheme = rule_scheme(workspace, placed)
    quotes = Quotes()
    if segment is None:
        return _whole_scheme(placed, scheme, quotes)
    chosen = find_segment(segmentation, segment)
    i = placed.segments.index(chosen)
    rule, words = scheme.rules[i], rule_words(placed, scheme, i, quotes)
    if not rule.alternatives and not rule.exact:
        raise ToolError(
            f"No simple rule finds {chosen.name}: on every branch another segment is more frequent.",
            "Ask for the rules of all segments, or score customers with the saved segmentation instead.",
        )
    text = (
        reader_of(placed).any_of(rule.alternatives)
        if rule.alternatives
        else "everybody whom no other rule takes"
    )
    sure = (
        "exactly its customers"
        if rule.exact
        else f"{quotes.share('rule_coverage_pct', rule.coverage, chosen.name)} of its customers"
    )
    headline = f"**{chosen.name}**: {text}. The rule finds {sure}."
    findings = [
        *words[1:],
        f"```sql\nSELECT {identifier(placed.table.customer or '')}\nFROM customers\n"
        f"WHERE {_where(placed, scheme, i)}\n```",
    ]
    if not rule.exact:
        purity = quotes.share("rule_purity_pct", rule.purity, chosen.name)
        fidelity = quotes.share("rule_fidelity_pct", scheme.fidelity)
        findings.insert(
            0,
            f"{purity} of the customers it finds belong to the segment; the rules of all segments together "
            f"put {fidelity} of customers where they belong.",
        )
    caveats = _rule_caveats(placed, scheme, [i], quotes)
    return ToolResult(headline, quotes.facts, tuple(findings), (), (), caveats)


def _where(placed: Segmented, scheme: RuleScheme, i: int) -> str:
    rule = scheme.rules[i]
    names = {segment.name: j for j, segment in enumerate(placed.segments)}
    own = sql_any_of(rule.alternatives) if rule.alternatives else ""
    before = (
        [names[name] for name in rule.after]
        if rule.alternatives
        else [j for j in range(len(placed.segments)) if j != i]
    )
    without = [
        f"NOT ({sql_any_of(scheme.rules[j].alternatives)})" for j in before if scheme.rules[j].alternatives
    ]
    return (
        "\n  AND ".join([*([f"({own})" if without and " OR " in own else own] if own else []), *without])
        or "TRUE"
    )


def _whole_scheme(placed: Segmented, scheme: RuleScheme, quotes: Quotes) -> ToolResult:
    reader = reader_of(placed)
    order = list(range(len(placed.segments)))
    for i in order:
        note_thresholds(scheme.rules[i], quotes, placed.segments[i].name)
    table = rules_table(placed, scheme, order, reader)
    quotes.table(table, 2)
    sure = (
        "they are exact"
        if scheme.exact
        else f"they place **{quotes.share('rule_fidelity_pct', scheme.fidelity)}** of customers right"
    )
    headline = f"Here are the rules of your {quotes.number('n_segments', len(order))} segments; {sure}."
    tree = rule_tree(placed, scheme, reader)
    sql = _case(placed, scheme)
    caveats = _rule_caveats(placed, scheme, order, quotes)
    return ToolResult(
        headline, quotes.facts, (f"```sql\n{sql}\n```",), (table,), (tree,) if tree else (), caveats
    )


def _case(placed: Segmented, scheme: RuleScheme) -> str:
    """Write the whole scheme as one expression; the first WHEN that holds wins, as in the segmentation."""
    lines, rest = [], ""
    if scheme.exact:
        model = placed.segmentation.model
        holder = {leaf: literal(one.name) for one in placed.segments for leaf in one.leaves}
        for leaf, rule in enumerate(model["leaves"]):
            lines.append(f"  WHEN {sql_all_of(from_json(rule['where']))} THEN {holder.get(leaf, 'NULL')}")
        rest = f"  ELSE {holder[model['otherwise']]}\n" if model.get("otherwise") in holder else ""
    else:
        for rule, segment in zip(scheme.rules, placed.segments, strict=True):
            if rule.alternatives:
                lines.append(f"  WHEN {sql_any_of(rule.alternatives)} THEN {literal(segment.name)}")
    return "CASE\n" + "\n".join(lines) + "\n" + rest + "END AS segment"


def _rule_caveats(
    placed: Segmented, scheme: RuleScheme, chosen: list[int], quotes: Quotes
) -> tuple[str, ...]:
    told = []
    used = sorted(
        {item.column for i in chosen for where in scheme.rules[i].alternatives for item in where}
        & set(placed.definitions)
    )
    defined = [
        f"{name}: {placed.definitions[name].definition}"
        for name in used
        if placed.definitions[name].definition and placed.definitions[name].label != name
    ]
    if defined:
        told.append(f"The columns must be computed in the CRM as they are here. {' '.join(defined)}")
    if placed.segmentation.reference_date:
        told.append(
            f"Days are counted to {day(placed.segmentation.reference_date)}; the CRM counts to its own day."
        )
    if not all(scheme.rules[i].exact for i in chosen):
        n = quotes.count("n_fitted", scheme.n_fitted, "customer")
        everybody = quotes.count("n_customers", placed.segmentation.n_customers, "customer")
        read = (
            n
            if scheme.n_fitted >= placed.segmentation.n_customers
            else f"{n} drawn at random and checked on all {everybody}"
        )
        told.append(
            f"The rules approximate the segments: a decision tree was read off {read}; "
            "thresholds are rounded, and coverage and purity are those of the rounded rule."
        )
    return tuple(told)
