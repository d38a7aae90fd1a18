"""Knows a table on its way from its file to a described one, and how that is kept to be taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from tools.core import CleaningStep, Fact, Finding, Json
from tools.files.conversions import Reading, Shown
from tools.files.dates import DateShape
from tools.files.decisions import Decisions
from tools.files.reading import Proposal
from tools.files.rewriting import Source


@dataclass
class Draft:
    """A table on its way: what is stored, how it is shown, what was changed and found.

    Attributes:
        source: Where it came from.
        stored: Table with the values as they were read, or with a person's decisions applied to them.
        proposals: How each column was read.
        left: Cells that did not become values, with their counts, by column.
        shown: How each column is shown.
        steps: What was changed.
        findings: What a person should know.
        notes: What is special about a column.
        units: Units that cells name.
        decisions: What a person decided.
        fractions: Columns of numbers that are written with decimals, even where those are noughts.
        first: Table with the values as they were read.
    """

    source: Source
    stored: str
    proposals: dict[str, Proposal]
    left: dict[str, dict[str, int]] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    steps: list[CleaningStep] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    decisions: Decisions = field(default_factory=Decisions)
    fractions: frozenset[str] = frozenset()
    first: str = ""

    def __post_init__(self) -> None:
        """Note what the look at the file tells."""
        self.first = self.first or self.stored
        self.units = {**dict(self.source.units), **self.units}
        cells = self.cells()
        self.fractions |= {name for name, texts in cells.items() if any("." in text for text in texts[:200])}

    @property
    def separator(self) -> str:
        """The sign between the cells of the file, as far as that is known."""
        original = self.source.original
        return original.layout.separator if original else ","

    def cells(self) -> dict[str, Sequence[str]]:
        """Return the text of a sample of rows, by column."""
        if not self.source.sample:
            return {}
        return dict(zip(self.proposals, zip(*self.source.sample, strict=True), strict=True))

    def to_json(self) -> Json:
        """Return plain JSON from which `from_json` makes a draft as it was when the file had been read."""
        return {
            "name": self.source.name,
            "label": self.source.label,
            "first": self.first,
            "header_row": self.source.header_row,
            "separator": self.separator,
            "labels": list(self.source.labels),
            "filled": list(self.source.filled),
            "units": [list(each) for each in self.source.units],
            "stored": self.stored,
            "proposals": {name: asdict(proposal) for name, proposal in self.proposals.items()},
            "steps": [asdict(step) for step in self.source.cleaning],
            "findings": [asdict(finding) for finding in self.source.findings],
            "fractions": sorted(self.fractions),
            "decisions": self.decisions.to_json(),
        }

    @classmethod
    def from_json(cls, document: Json) -> Draft:
        """Read what `to_json` wrote."""
        steps = tuple(_told(CleaningStep, each) for each in document["steps"])
        findings = tuple(_told(Finding, each) for each in document["findings"])
        source = Source(
            document["name"],
            document["label"],
            cleaning=steps,
            findings=findings,
            header_row=document.get("header_row", 1),
            labels=tuple(document.get("labels", ())),
            filled=tuple(document.get("filled", ())),
            units=tuple((name, unit) for name, unit in document.get("units", ())),
        )
        proposals = {name: _proposal(each) for name, each in document["proposals"].items()}
        return cls(
            source,
            document["first"],
            proposals,
            steps=list(steps),
            findings=list(findings),
            decisions=Decisions.from_json(document["decisions"]),
            fractions=frozenset(document["fractions"]),
        )


def _told(kind: type[Any], document: Json) -> Any:
    return kind(**{**document, "facts": tuple(Fact(**fact) for fact in document["facts"])})


def _proposal(document: Json) -> Proposal:
    shape = document["shape"]
    return Proposal(
        **{
            **document,
            "reading": Reading(**_tuples(_known(document["reading"]))),
            "shape": DateShape(**_tuples(shape)) if shape else None,
        }
    )


def _known(document: Json) -> Json:
    """Leave out what older versions kept about a reading."""
    names = {each.name for each in fields(Reading)}
    known = {key: value for key, value in document.items() if key in names}
    marks = {True: "dr", False: ""}  # what was once said by yes and no
    return {**known, "debit": marks.get(known.get("debit", ""), known.get("debit", ""))}


def _tuples(document: Json) -> Json:
    """Make tuples of lists, which JSON has instead."""
    return {
        key: tuple(tuple(each) if isinstance(each, list) else each for each in value)
        if isinstance(value, list)
        else value
        for key, value in document.items()
    }
