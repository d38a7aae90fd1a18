"""Knows in which part of a report an answer is read, and that no paragraph, table or chart is read twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace

from assistant.report.content import Finding, Part, Report
from assistant.session import Step, Turn
from tools.core import Json, ResultTable, ToolResult
from tools.figures import about

# Answers about the data and about the method stand with the data and the method, those that make segments
# before the cards of the segments, those that say more of them behind; everything else is a finding.
_PARTS: dict[Part, frozenset[str]] = {
    "data": frozenset(
        ("describe_data", "check_quality", "show_unread", "show_relations", "relate_tables", "change_reading",
         "switch_cleaning", "count_missing", "find_duplicates")
    ),
    "evidence": frozenset(
        ("explain_segments", "recommend_method", "check_eligibility", "compare_segmentations",
         "list_segmentations", "check_fairness")
    ),
    "making": frozenset(
        ("find_segments", "segment_by_rfm", "segment_by_rules", "segment_by_value",
         "segment_by_lifecycle", "rename_segment", "merge_segments", "split_segment", "move_boundary",
         "undo_segmentation", "redo_segmentation", "restore_version", "use_segmentation")
    ),
    "segments": frozenset(("describe_segments", "compare_segments", "find_typical_customers", "write_rule")),
}  # fmt: skip
_HOUSEKEEPING = frozenset(
    ("rename_segment", "undo_segmentation", "redo_segmentation", "restore_version", "use_segmentation",
     "list_segmentations", "export_segments")
)  # fmt: skip
_PIECE = re.compile(r"\n\n+|\n(?=- )")
_LABEL = re.compile(r"(\*\*|_|\*)[^*_]{1,60}\1:?")
SHORTEST = 30  # letters; what is shorter ("Keep in mind") is no statement that could be repeated


def part_of(turn: Turn) -> Part:
    """Return where an answer is read, by the computations that it stands on."""
    tools = {step.tool for step in turn.steps if step.result is not None}
    return next((part for part, names in _PARTS.items() if tools and tools <= names), "finding")


def is_news(turn: Turn) -> bool:
    """Tell whether a reader needs an answer: it tells of the data, and not merely of names or versions."""
    tools = {step.tool for step in turn.steps if step.result is not None}
    tells = bool(tools or turn.traces)  # how to make a report, or what can be asked, is nothing of the data
    return turn.status == "answered" and tells and not (tools and tools <= _HOUSEKEEPING)


def arranged(report: Report) -> Report:
    """Return the report with every paragraph, table and chart where it is read first, and nowhere else.

    The cards tell what the segments are, so that the tables of the answers that made them are evidence.
    """
    seen = _Seen()
    findings = {id(each): each for each in report.findings}
    evidence: list[ResultTable] = []
    latest = list(report.part("making"))[-1:]

    def read(part: Part) -> None:
        for finding in report.part(part):
            turn = finding.turn
            if part == "making" and report.cards:
                turn, moved = _without_tables(turn)
                evidence.extend(moved)
                if finding in latest:
                    turn = _without_figures(turn, {about(figure) for figure in report.segment_figures})
            findings[id(finding)] = replace(finding, turn=seen.new(turn))

    read("finding")
    read("making")
    read("segments")
    about_segments = seen.all_new(report.about_segments)
    figures = tuple(figure for figure in report.segment_figures if seen.is_new(_figure_key(figure)))
    limits = seen.all_new(report.limits)
    method = seen.all_new(report.method)
    read("evidence")
    evidence = [table for table in (*report.evidence_tables, *evidence) if seen.is_new(_table_key(table))]
    data = seen.all_new(report.data)
    read("data")
    data_tables = tuple(table for table in report.data_tables if seen.is_new(_table_key(table)))
    return replace(
        report,
        findings=tuple(each for each in findings.values() if _says_something(each)),
        about_segments=about_segments,
        segment_figures=figures,
        limits=limits,
        method=method,
        evidence_tables=tuple(evidence),
        data=data,
        data_tables=data_tables,
    )


class _Seen:
    """What was read so far."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    def is_new(self, key: str) -> bool:
        """Tell whether something was not read yet; it is from now on."""
        if key in self._keys:
            return False
        self._keys.add(key)
        return True

    def says_new(self, piece: str) -> bool:
        """Tell whether a piece of prose was not read yet."""
        plain = re.sub(r"[*_`]|^- ", "", piece).strip()
        return len(plain) < SHORTEST or self.is_new(plain)

    def new(self, turn: Turn) -> Turn:
        """Return an answer without what was read before."""
        steps = tuple(self._step(step) for step in turn.steps)
        return replace(kept(turn, self.says_new), steps=steps)

    def all_new(self, passages: Sequence[Turn]) -> tuple[Turn, ...]:
        """Return passages without what was read before, and without those that have nothing else to say."""
        told = [kept(each, self.says_new) for each in passages]
        return tuple(each for each in told if each.answer)

    def _step(self, step: Step) -> Step:
        if step.result is None:
            return step
        tables = tuple(table for table in step.result.tables if self.is_new(_table_key(table)))
        figures = tuple(figure for figure in step.result.figures if self.is_new(_figure_key(figure)))
        return replace(step, result=replace(step.result, tables=tables, figures=figures))


def kept(turn: Turn, keep: Callable[[str], bool]) -> Turn:
    """Return an answer with the paragraphs and points that are kept; its numbers stay traced.

    A label ("Keep in mind") goes with the last thing that stood under it.
    """
    chosen = [each for each in _pieces(turn.answer) if keep(turn.answer[each[1] : each[2]])]
    text = ""
    moved: list[tuple[int, int, int]] = []
    for place, (gap, start, end) in enumerate(chosen):
        words = turn.answer[start:end]
        following = turn.answer[chosen[place + 1][1] :] if place + 1 < len(chosen) else ""
        under = following.split("\n")[0].strip()
        if _LABEL.fullmatch(words.strip()) and (not under or _LABEL.fullmatch(under)):
            continue
        text += gap if text else ""
        moved.append((start, end, len(text) - start))
        text += words
    return replace(
        turn,
        answer=text,
        traces=tuple(
            replace(trace, start=trace.start + by, end=trace.end + by)
            for trace in turn.traces
            for start, end, by in moved
            if start <= trace.start and trace.end <= end
        ),
        unsupported=tuple(
            (number, first + by, last + by)
            for number, first, last in turn.unsupported
            for start, end, by in moved
            if start <= first and last <= end
        ),
    )


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each paragraph or point: the gap before it, its first character, and the one behind its last."""
    gap, start = "", 0
    for match in _PIECE.finditer(text):
        yield gap, start, match.start()
        gap, start = match[0], match.end()
    yield gap, start, len(text)


def _without_tables(turn: Turn) -> tuple[Turn, list[ResultTable]]:
    """Return an answer without its tables, and the tables."""
    steps = tuple(
        replace(step, result=replace(step.result, tables=())) if step.result else step for step in turn.steps
    )
    return replace(turn, steps=steps), turn.tables


def _without_figures(turn: Turn, shown: Set[str]) -> Turn:
    """Return an answer without its charts of what is shown beside the segments themselves."""

    def left(result: ToolResult) -> ToolResult:
        return replace(
            result, figures=tuple(f for f in result.figures if not about(f) or about(f) not in shown)
        )

    steps = tuple(replace(step, result=left(step.result)) if step.result else step for step in turn.steps)
    return replace(turn, steps=steps)


def _says_something(finding: Finding) -> bool:
    return bool(finding.turn.answer.strip() or finding.turn.tables or finding.turn.figures)


def _table_key(table: ResultTable) -> str:
    return json.dumps([table.title, table.columns, table.rows], default=str)


def _figure_key(figure: Json) -> str:
    return json.dumps(figure, sort_keys=True, default=str)
