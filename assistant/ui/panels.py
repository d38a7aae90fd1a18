"""Draws the panels of the segments and of their versions, as escaped HTML."""

from __future__ import annotations

import html
import json

from assistant.ui.data_panel import NO_DATA
from tools.core import Json, Segment, Segmentation, Workspace
from tools.figures import segment_colour
from tools.wording import count, share

STABILITY = ((0.85, "very stable"), (0.75, "stable"), (0.6, "doubtful"), (0.0, "not stable"))
NO_SEGMENTS = (
    '<p class="empty">There are no segments yet.</p>'
    '<button type="button" class="ask" data-ask="Segment my customers">Segment my customers</button>'
)
EXPORTS = (("csv", "CSV"), ("xlsx", "Excel"), ("parquet", "Parquet"))


def segments_html(workspace: Workspace | None, chat_id: str = "") -> str:
    """Return the Segments panel: one card a segment, in the colours of the charts, with all that edits it.

    Args:
        workspace: With the segments, or None.
        chat_id: Names the chat in the addresses of downloads.
    """
    segmentation = workspace.segmentation if workspace else None
    if segmentation is None:
        return NO_SEGMENTS if workspace else NO_DATA
    several = len(segmentation.segments) > 1
    cards = "".join(_card(segment, several) for segment in segmentation.segments)
    merge = '<button type="button" class="ask merge-chosen" disabled>Merge the ticked segments</button>'
    files = " ".join(
        f'<a class="download" href="download/customers.{ending}?chat={chat_id}" download>{name}</a>'
        for ending, name in EXPORTS
    )
    return (
        f"<h2>{_text(segmentation.name)}</h2>{_about(segmentation)}{_bar(segmentation)}"
        f'<p class="merge">{merge if several else ""}</p><ul class="cards">{cards}</ul>'
        f'<p class="exports">Customers with their segments: {files}</p>'
        '<p class="exports">The segments themselves, for a later file: '
        f'<a class="download" href="download/segments.json?chat={chat_id}" download>JSON</a></p>'
    )


def versions_html(workspace: Workspace | None) -> str:
    """Return the Versions panel: every version of every segmentation, newest first, each one click away."""
    now = workspace.segmentation if workspace else None
    if workspace is None or now is None:
        return NO_SEGMENTS if workspace else NO_DATA
    back = _act("Undo", "Undo the last change of the segments", "undo_segmentation", {})
    again = _act("Redo", "Redo the change that was undone", "redo_segmentation", {})
    undone = any(one.parent == (now.name, now.version) for one in workspace.versions(now.name))
    steps = (back if now.parent else "") + (again if undone else "")
    groups = "".join(
        _versions(workspace, name, now)
        for name in sorted(workspace.segmentations, key=lambda name: (name != now.name, name))
    )
    return f'<p class="acts">{steps}</p>{groups}' if steps else groups


def _versions(workspace: Workspace, name: str, now: Segmentation) -> str:
    items = "".join(
        _version(one, one is now or one == now, workspace.segmentations[name], now)
        for one in reversed(workspace.versions(name))
    )
    return f'<h2>{_text(name)}</h2><ol class="versions">{items}</ol>'


def _version(one: Segmentation, current: bool, shown: Segmentation, now: Segmentation) -> str:
    told = one.note or f"made by {one.method}"
    names = " · ".join(segment.name for segment in one.segments)
    if current:
        act = '<span class="tag">in use</span>'
    elif one.name == now.name:
        question = f"Go back to version {one.version} of “{one.name}”"
        act = _act("Use this", question, "restore_version", {"version": one.version})
    elif one.version == shown.version:
        act = _act("Use this", f"Use the segmentation “{one.name}”", "use_segmentation", {"name": one.name})
    else:
        act = ""
    return (
        f"<li{' class=current' if current else ''}><strong>Version {one.version}</strong> {act}"
        f'<span class="note">{_text(told[:1].upper() + told[1:])}</span>'
        f"<span>{_text(count(len(one.segments), 'segment'))}: {_text(names)}</span></li>"
    )


def _act(label: str, question: str, tool: str, arguments: Json) -> str:
    """Return a button that runs a tool at once; the question is how the chat tells of it."""
    told = _text(json.dumps({"question": question, "tool": tool, "arguments": arguments}))
    return f'<button type="button" class="ask" data-act="{told}">{_text(label)}</button>'


def _about(segmentation: Segmentation) -> str:
    people = count(segmentation.n_customers, "customer")
    return (
        f"<p>{people} in {count(len(segmentation.segments), 'segment')}: {_text(segmentation.method)}."
        f' <span class="note">Version {segmentation.version}</span></p>'
    )


def _bar(segmentation: Segmentation) -> str:
    """Draw the shares of the segments as one bar; the cards say the same in words."""
    parts = "".join(
        f'<span style="flex:{max(segment.share, 0.004):.4f};background:{segment_colour(segment.key)}"'
        f' title="{_text(segment.name)}: {share(segment.share)}"></span>'
        for segment in segmentation.segments
    )
    return f'<div class="shares" aria-hidden="true">{parts}</div>'


def _card(segment: Segment, several: bool) -> str:
    name = _text(segment.name)
    told = [f"<dt>Customers</dt><dd>{segment.size:,} <small>{share(segment.share)}</small></dd>"]
    if segment.value_share is not None:
        told.append(f"<dt>Share of value</dt><dd>{share(segment.value_share)}</dd>")
    if segment.stability is not None:
        told.append(
            f"<dt>Stability</dt><dd>{segment.stability:.2f} <small>{_stable(segment.stability)}</small></dd>"
        )
    rule = f'<p class="rule"><span>Rule</span> {_text(segment.rule)}</p>' if segment.rule else ""
    summary = f"<p>{_text(segment.summary)}</p>" if segment.summary else ""
    tick = f'<input type="checkbox" class="tick" aria-label="Tick {name} for merging">' if several else ""
    split = _act(
        "Split", f"Split the segment “{segment.name}” in two", "split_segment", {"segment": segment.name}
    )
    return (
        f'<li class="card" style="--colour:{segment_colour(segment.key)}" data-segment="{name}">'
        f"<h3>{tick}<span class='name'>{name}</span></h3>"
        f"<dl>{''.join(told)}</dl>{summary}{rule}<div class='acts'>"
        f'<button type="button" class="ask" data-ask="Describe segment {name}">Describe</button>'
        f'<button type="button" class="ask rename">Rename</button>{split}</div></li>'
    )


def _stable(value: float) -> str:
    return next(word for least, word in STABILITY if value >= least)


def _text(text: object) -> str:
    return html.escape(str(text))
