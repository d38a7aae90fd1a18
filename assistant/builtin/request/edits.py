"""Knows the requests that change segments, take changes back, and choose between segmentations."""

from __future__ import annotations

from typing import ClassVar

from assistant.builtin.request import Request


class RenameSegment(Request):
    """A new name for a segment."""

    tool: ClassVar[str] = "rename_segment"
    segment: str
    name: str


class MergeSegments(Request):
    """Several segments become one."""

    tool: ClassVar[str] = "merge_segments"
    segments: list[str]
    name: str | None = None


class SplitSegment(Request):
    """One segment becomes several."""

    tool: ClassVar[str] = "split_segment"
    segment: str
    into: int = 2


class MoveBoundary(Request):
    """Another threshold of a segment."""

    tool: ClassVar[str] = "move_boundary"
    segment: str
    column: str
    value: float


class UndoSegmentation(Request):
    """Take the last edits back."""

    tool: ClassVar[str] = "undo_segmentation"
    steps: int = 1


class RedoSegmentation(Request):
    """Do again what was taken back."""

    tool: ClassVar[str] = "redo_segmentation"


class RestoreVersion(Request):
    """Go back to a numbered version."""

    tool: ClassVar[str] = "restore_version"
    version: int


class UseSegmentation(Request):
    """Make another segmentation the current one."""

    tool: ClassVar[str] = "use_segmentation"
    name: str


class ListSegmentations(Request):
    """Which segmentations there are."""

    tool: ClassVar[str] = "list_segmentations"
