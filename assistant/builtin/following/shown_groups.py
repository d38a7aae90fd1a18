"""Knows what phrases mean that point at the groups the last answer showed: the rest, the largest."""

from __future__ import annotations

from dataclasses import replace

from assistant.builtin.annotate import annotate
from assistant.builtin.following.changes import Changes
from assistant.builtin.following.meant import Said, Scene
from assistant.builtin.parsing.negation import OPPOSITE
from tools.selecting import Condition, GroupBy

_SPOKEN = {"a few": 5, "some": 5, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "twenty": 20}


def listing(said: Said, scene: Scene) -> Changes | None:
    """Read "who are they": each customer behind the number, but of groups only where a few were picked."""
    if scene.question.by and not scene.listed and not _by_customer(scene):
        return None
    return listing_people(said, scene)


def listing_people(said: Said, scene: Scene) -> Changes | None:
    """Read "show me those customers": each customer behind the number."""
    if scene.catalog.table.customer is None:
        return None
    return Changes(afresh=True, again=True) if _by_customer(scene) else Changes(listing=True)


def listing_few(said: Said, scene: Scene) -> Changes | None:
    """Read "show me five of them": so many customers behind the number."""
    n = int(said.about) if said.about.isdigit() else _SPOKEN.get(said.about)
    changes = listing_people(said, scene) if n else None
    return replace(changes, limit=n) if changes and changes.listing else changes


def _by_customer(scene: Scene) -> bool:
    return any(group.column == scene.catalog.table.customer for group in scene.question.by)


def remaining(said: Said, scene: Scene) -> Changes | None:
    """Read "the other two" after the first groups of many, "everyone else" after a few rows."""
    asked = scene.question
    if said.about:
        columns = {link.column for item in annotate(said.about, scene.catalog).items for link in item.links}
        if not columns & ({c.column for c in asked.where} | asked.by_columns):
            return None
        same = [c for c in asked.where if c.column in columns and c.is_ in ("equal", "in")]
        if same:
            turned = same[-1].model_copy(update={"is_": OPPOSITE[same[-1].is_]})
            return Changes(filters=(turned,), keeps_groups=True)
    held = next((c for c in asked.where if c.column == "segment" and c.is_ == "equal"), None)
    if held is not None and not asked.by:  # "and in the other two?" after a figure of one segment
        others = held.model_copy(update={"is_": "not_equal"})
        return Changes(filters=(others,), groups=(GroupBy(column="segment"),), keeps_groups=True)
    if not scene.listed and asked.where and _turns(asked.where[-1], said.whole):
        return Changes(opposite=True)
    if not scene.listed or len(asked.by) != 1:
        return None
    column = asked.by[0].column
    others = Condition.model_validate({"column": column, "is": "not_in", "values": list(scene.listed)})
    return Changes(filters=(others,), unlimited=True, keeps_groups=True)


def _turns(last: Condition, whole: str) -> bool:
    """Tell whether the rest are the rows that the last condition left out; "the other one" is one value."""
    if whole.endswith(("other", "other one")):
        return last.is_ in ("equal", "not_equal")
    return last.is_ in OPPOSITE


def without_largest(said: Said, scene: Scene) -> Changes | None:
    """Read "leave out the largest": the group that the answer showed to be so."""
    return _left_out(max(scene.shown, key=lambda pair: pair[1], default=("", 0))[0], scene)


def without_smallest(said: Said, scene: Scene) -> Changes | None:
    """Read "without the smallest one"."""
    return _left_out(min(scene.shown, key=lambda pair: pair[1], default=("", 0))[0], scene)


def without_first(said: Said, scene: Scene) -> Changes | None:
    """Read "drop the first one"."""
    return _left_out(scene.shown[0][0] if scene.shown else "", scene)


def without_last(said: Said, scene: Scene) -> Changes | None:
    """Read "drop the last one"."""
    return _left_out(scene.shown[-1][0] if scene.shown else "", scene)


def _left_out(name: str, scene: Scene) -> Changes | None:
    asked = scene.question
    plain_groups = len(asked.by) == 1 and asked.by[0].grain is None and asked.by[0].bins is None
    if not plain_groups or len(scene.shown) < 2:
        return None
    one = Condition.model_validate({"column": asked.by[0].column, "is": "not_equal", "value": name})
    return Changes(filters=(one,), keeps_groups=True)


def next_in_rank(said: Said, scene: Scene) -> Changes | None:
    """Read "and the runner-up?", "who is second": the place behind the one that was shown."""
    held = scene.question.rest.get("place")
    behind = said.whole.endswith(_BEHIND) and isinstance(held, int)
    return _placed(int(held) + 1 if behind and isinstance(held, int) else 2, scene)


def third_in_rank(said: Said, scene: Scene) -> Changes | None:
    """Read "and the third?"."""
    return _placed(3, scene)


_BEHIND = ("next", "next one", "next best", "after that", "behind it", "behind that", "next on the list")


def _placed(place: int, scene: Scene) -> Changes | None:
    """Ask for one place of a ranking, from the end that was asked for."""
    asked = scene.question
    ranked = asked.limit is not None or asked.order != "auto" or len(scene.shown) > 1
    if asked.shape != "numbers" or len(asked.by) != 1 or asked.by[0].bins or not ranked:
        return None
    order = asked.order if asked.order != "auto" else "descending"
    return Changes(limit=place, order=order, options={"place": place})
