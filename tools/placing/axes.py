"""Knows how features become axes of a model: filled, bent, centred, scaled, weighed, or cut into levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.placing.functions import log1p, yeo_johnson
from tools.placing.sheets import Cell, Known, Sheet

MISSING = "(missing)"
Transform = Mapping[str, Any]


def bent(sheet: Sheet, cells: Sequence[Cell], transforms: Sequence[Transform]) -> list[Cell]:
    """Bend one cell by each transform: by the logarithm, by a power, or not at all."""
    found = list(cells)
    logs = [i for i, one in enumerate(transforms) if one["kind"] == "log1p"]
    if logs:
        held = sheet.keep(*(sheet.where(cells[i] > 0.0, cells[i], 0.0) for i in logs))
        for i, cell in zip(logs, log1p(sheet, held), strict=True):
            found[i] = cell
    powers = [i for i, one in enumerate(transforms) if one["kind"] == "yeo_johnson"]
    if powers:
        parameters = [transforms[i]["parameters"] for i in powers]
        units = sheet.keep(
            *(cells[i] / float(one["unit"]) for i, one in zip(powers, parameters, strict=True))
        )
        shaped = yeo_johnson(sheet, units, [float(one["power"]) for one in parameters])
        for i, cell in zip(powers, shaped, strict=True):
            found[i] = cell
    return found


def axes(sheet: Sheet, transforms: Sequence[Transform]) -> list[Known]:
    """Return every fitted axis; missing where a value is and nothing is filled in."""
    raw = [_raw(sheet, one) for one in transforms]
    open_to_gaps = [i for i, one in enumerate(raw) if one.missing is not None]
    gaps = dict(zip(open_to_gaps, sheet.keep(*(raw[i].missing for i in open_to_gaps)), strict=True))
    values = sheet.apart(lambda: _scaled(sheet, [one.value for one in raw], transforms))
    return [Known(value, gaps.get(i)) for i, value in enumerate(values)]


def _scaled(sheet: Sheet, cells: Sequence[Cell], transforms: Sequence[Transform]) -> list[Cell]:
    shaped = bent(sheet, sheet.keep(*cells), transforms)
    return [
        (cell - float(one["centre"])) / float(one["scale"]) * float(one["weight"])
        for cell, one in zip(shaped, transforms, strict=True)
    ]


def _raw(sheet: Sheet, transform: Transform) -> Known:
    feature = str(transform["feature"])
    if transform["kind"] == "level":
        is_it = sheet.same(feature, str(transform["parameters"]["value"]))
        return Known(sheet.where(is_it, 1.0, 0.0), None)
    known = sheet.number(feature)
    if transform["fill"] is None:
        return known
    return Known(sheet.where(known.missing, float(transform["fill"]), known.value), None)


def levels(sheet: Sheet, bands: Mapping[str, Any]) -> list[Cell]:
    """Return for each level of a feature taken as a category who has it; everybody has exactly one."""
    feature, fill, edges = str(bands["feature"]), int(bands["fill"]), [float(one) for one in bands["edges"]]
    if edges:
        known = sheet.number(feature)
        value, gone = sheet.keep(known.value, known.missing)
        found = [_between(value, edges, i) & ~gone for i in range(len(edges) + 1)]
        found[fill] = found[fill] | gone
        return sheet.keep(*found)
    gone = sheet.missing(feature)
    found = [
        gone | sheet.same(feature, level) if level == MISSING else sheet.same(feature, level)
        for level in bands["values"]
    ]
    found = sheet.keep(*found)
    if found:
        some = found[0]
        for other in found[1:]:
            some = some | other
        found[fill] = found[fill] | ~some
    return sheet.keep(*found)


def _between(value: Cell, edges: Sequence[float], i: int) -> Cell:
    if i == 0:
        return value < edges[0]
    return value >= edges[-1] if i == len(edges) else (value >= edges[i - 1]) & (value < edges[i])
