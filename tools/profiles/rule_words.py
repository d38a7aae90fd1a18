"""Knows how the rule of a segment is told, with how well it finds the segment."""

from __future__ import annotations

from tools.core import ResultTable, Scalar
from tools.finding.plain_rules import plain_rule
from tools.profiles.rule_schemes import RuleScheme, SegmentRule
from tools.profiles.rule_text import Reader
from tools.quoting import Quotes
from tools.segments.segmented import Segmented
from tools.wording import listing, share


def rule_words(placed: Segmented, scheme: RuleScheme, i: int, quotes: Quotes) -> list[str]:
    """Say the rule of one segment, and how well it finds the segment."""
    rule, reader, name = scheme.rules[i], reader_of(placed), placed.segments[i].name
    if not rule.alternatives and not rule.exact:
        return ["No simple rule finds this segment better than its neighbours."]
    note_thresholds(rule, quotes, name)
    text = reader.any_of(rule.alternatives) if rule.alternatives else "everybody whom no other rule takes"
    if rule.after:
        text += f", unless already in {listing(list(rule.after), 'or')}"
    if rule.exact:
        return [f"Rule: {text}. It is exact."]
    coverage = quotes.share("rule_coverage_pct", rule.coverage, name)
    purity = quotes.share("rule_purity_pct", rule.purity, name)
    return [
        f"As a rule: {text}. It finds {coverage} of the segment's customers, "
        f"and {purity} of those it finds belong to it."
    ]


def short_rule(placed: Segmented, scheme: RuleScheme, i: int) -> str:
    """Write the rule of one segment for its card; where it is only near, with how near."""
    plain = plain_rule(placed, i)
    if plain and plain.exact:
        same = plain.inside == plain.covered == 1
        return plain.text if same else _near(plain.text, plain.inside, plain.covered)
    rule, model = scheme.rules[i], placed.segmentation.model
    rest = model["type"] == "conditions" and placed.segments[i].leaves == (model.get("otherwise"),)
    if rest or not rule.alternatives:
        return "everybody else" if rule.exact else ""
    text = reader_of(placed).any_of(rule.alternatives)
    if rule.after:
        text += f", unless already in {listing(list(rule.after), 'or')}"
    if rule.exact:
        return text
    return _near(text, rule.coverage, rule.purity)


def _near(text: str, coverage: float, purity: float) -> str:
    found, right = share(coverage, 0), share(purity, 0)
    return f"roughly: {text} (finds {found} of them; {right} of those it finds belong here)"


def reader_of(placed: Segmented) -> Reader:
    """Return what writes conditions in the words of these customers."""
    return Reader(placed.label, placed.unit)


def rules_table(placed: Segmented, scheme: RuleScheme, order: list[int], reader: Reader) -> ResultTable:
    """Return the rule of each segment with what it finds."""
    rows: list[tuple[Scalar, ...]] = []
    for i in order:
        rule = scheme.rules[i]
        text = reader.any_of(rule.alternatives) if rule.alternatives else "no simple rule finds it"
        if rule.exact and not rule.alternatives:
            text = "everybody whom no other rule takes"
        if rule.after and rule.alternatives:
            text += f", unless already in {listing(list(rule.after), 'or')}"
        rows.append((placed.segments[i].name, text, 100 * rule.coverage, 100 * rule.purity, rule.n_found))
    columns = ("Segment", "Rule", "Coverage", "Purity", "Customers found")
    return ResultTable("Rules", columns, tuple(rows), (None, None, "%", "%", "customers"))


def note_thresholds(rule: SegmentRule, quotes: Quotes, scope: str) -> None:
    """Record the numbers of a rule as facts."""
    seen = 0
    for where in rule.alternatives:
        for item in where:
            for value in (item.value, *item.values):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    seen += 1
                    quotes.note(f"threshold_{seen}_{item.column}", value, None, f"rule of {scope}")
