"""Knows what a person may ask for when segments are looked for, and which customer features they mean."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from tools.core import Json, Segmentation, Workspace
from tools.customers.features import CustomerFrame
from tools.errors import ToolError
from tools.finding.groups import Family
from tools.periods import interval
from tools.selecting import Condition, find_column, fold

Method = Literal["auto", "kmeans", "gaussian_mixture", "hierarchical", "density"]
Outliers = Literal["keep", "set_aside"]


@dataclass(frozen=True)
class Request:
    """What a person asked for; hashable, so that searches can be kept."""

    n_segments: int | None = None
    features: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()
    where: tuple[str, ...] = ()  # conditions as JSON text
    smallest_share: float | None = None
    method: Method = "auto"
    outliers: Outliers = "keep"

    @property
    def of_search(self) -> Request:
        """The part that decides the search but not the number of segments."""
        method: Method = "auto" if self.method == "density" else self.method
        return replace(self, n_segments=None, smallest_share=None, method=method)

    @property
    def family(self) -> Family | None:
        """The kind of groups that was asked for, if one was that is fitted for every number."""
        return None if self.method in ("auto", "density") else cast(Family, self.method)

    def to_json(self) -> Json:
        """Return what `from_segmentation` reads again."""
        return {
            "n_segments": self.n_segments, "features": list(self.features), "ignore": list(self.ignore),
            "weights": dict(self.weights), "where": list(self.where),
            "smallest_share": self.smallest_share, "method": self.method, "outliers": self.outliers,
        }  # fmt: skip

    @classmethod
    def from_segmentation(cls, made: Segmentation) -> Request:
        """Return the request that led to a segmentation."""
        asked = made.evidence["request"]
        return cls(
            asked.get("n_segments"), tuple(asked["features"]), tuple(asked["ignore"]),
            tuple(sorted((name, float(weight)) for name, weight in asked["weights"].items())),
            tuple(asked["where"]), asked.get("smallest_share"), asked["method"],
            asked.get("outliers", "keep"),
        )  # fmt: skip


def at_date(workspace: Workspace, reference_date: str | None) -> Workspace:
    """Return the workspace as seen from a date.

    Raises:
        ToolError: If it is not a date, or there are no dates to count from.
    """
    if reference_date is None:
        return workspace
    if not workspace.table.time:
        raise ToolError("These data have no dates, so no reference date can be used.", "Leave it out.")
    start, _ = interval(reference_date)
    return replace(workspace, reference_date=start.isoformat()[:10])


def resolve(frame: CustomerFrame, name: str) -> str:
    """Return the customer feature that a name means, be it a label or a column of the transactions.

    Raises:
        ToolError: If there is none.
    """
    wanted = fold(name)
    for definition in frame.definitions.values():
        if wanted in (fold(definition.name), fold(definition.label)):
            return definition.name
    if frame.table.column(name):
        return name
    first: tuple[str, ...] = ("sum", "last", "recency", "hour", "mean")
    made = [one for one in frame.definitions.values() if one.source and fold(one.source) == wanted]
    ranked = sorted((one for one in made if one.how in first), key=lambda one: first.index(one.how))
    return ranked[0].name if ranked else find_column(frame.table, name).name


def population(frame: CustomerFrame, where: Sequence[Condition]) -> list[Json]:
    """Return conditions as JSON, with the columns' own names."""
    out: list[Json] = []
    for condition in where:
        column = find_column(frame.table, resolve(frame, condition.column))
        document: dict[str, Any] = condition.model_dump(
            by_alias=True, exclude_defaults=True, exclude_none=True
        )
        document |= {"column": column.name, "is": condition.is_}
        if condition.or_:
            document["or"] = population(frame, condition.or_)
        out.append(document)
    return out


def request_of(
    frame: CustomerFrame,
    n_segments: int | None,
    features: Sequence[str],
    ignore: Sequence[str],
    weights: dict[str, float],
    where: Sequence[Condition],
    smallest_share: float | None,
    method: Method,
    outliers: Outliers,
) -> Request:
    """Write a request with the features' own names, so that equal wishes are equal requests."""
    return Request(
        n_segments,
        tuple(dict.fromkeys(resolve(frame, one) for one in features)),
        tuple(sorted({resolve(frame, one) for one in ignore})),
        tuple(sorted((resolve(frame, one), float(weight)) for one, weight in weights.items())),
        tuple(json.dumps(one, sort_keys=True) for one in population(frame, where)),
        smallest_share,
        method,
        outliers,
    )


def like_the_present(request: Request, present: Segmentation | None) -> Request:
    """Keep the wishes behind the present segmentation where nothing but setting customers aside is asked."""
    plain = request == Request(outliers="set_aside")
    known = present is not None and present.kind in ("clusters", "tiers") and "request" in present.evidence
    if not plain or present is None or not known:
        return request
    return replace(Request.from_segmentation(present), outliers="set_aside")
