"""Knows how a segmentation reads as rules: exactly where made of conditions, else by a surrogate tree."""

from __future__ import annotations

from dataclasses import replace

from tools.core import Workspace
from tools.profiles.exact_rules import exact_rules
from tools.profiles.rule_schemes import RuleScheme
from tools.profiles.surrogate_tree import surrogate_rules
from tools.segments.segmented import Segmented, fingerprint


def rule_scheme(workspace: Workspace, placed: Segmented) -> RuleScheme:
    """Return the rules of a segmentation; kept in the engine's memo."""
    names = tuple(segment.name for segment in placed.segments)
    key = ("rules", placed.table.name, fingerprint(placed.segmentation), names)
    return workspace.engine.memo(key, lambda: _scheme(placed))


def _scheme(placed: Segmented) -> RuleScheme:
    """Read the segments made of conditions exactly, also where another one was cut further by distance."""
    base = placed.segmentation.model
    cut: set[int] = set()
    while base["type"] == "split":
        cut.add(int(base["leaf"]))
        base = base["base"]
    if base["type"] != "conditions" or placed.segmentation.population:
        return surrogate_rules(placed)
    if not cut:
        return exact_rules(placed, base)
    near, exact = surrogate_rules(placed), exact_rules(placed, base, cut)
    rules = [one if one.exact else other for one, other in zip(exact.rules, near.rules, strict=True)]
    return replace(near, rules=tuple(rules))
