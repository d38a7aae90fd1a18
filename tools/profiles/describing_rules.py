"""Knows how a segmentation reads as rules: exactly where made of conditions, else by a surrogate tree."""

from __future__ import annotations

from tools.core import Workspace
from tools.profiles.exact_rules import exact_rules
from tools.profiles.rule_schemes import RuleScheme
from tools.profiles.surrogate_tree import surrogate_rules
from tools.segments.segmented import Segmented, fingerprint


def rule_scheme(workspace: Workspace, placed: Segmented) -> RuleScheme:
    """Return the rules of a segmentation; kept in the engine's memo."""
    names = tuple(segment.name for segment in placed.segments)
    key = ("rules", placed.table.name, fingerprint(placed.segmentation), names)
    model = placed.segmentation.model
    whole = not placed.segmentation.population
    return workspace.engine.memo(
        key,
        lambda: (
            exact_rules(placed) if model.get("type") == "conditions" and whole else surrogate_rules(placed)
        ),
    )
