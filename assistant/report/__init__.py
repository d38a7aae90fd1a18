"""One report of a conversation, and its renderings: page, paper, slides, text, notebook and script."""

from __future__ import annotations

from assistant.report.aggregates import aggregates_only
from assistant.report.content import Finding, NumberSource, Report, SegmentCard
from assistant.report.forms import FORMS, render
from assistant.report.html import to_html
from assistant.report.making import build
from assistant.report.scanning import Concern, scan
from assistant.report.wording import first_sentence

__all__ = [
    "FORMS",
    "Concern",
    "Finding",
    "NumberSource",
    "Report",
    "SegmentCard",
    "aggregates_only",
    "build",
    "first_sentence",
    "render",
    "scan",
    "to_html",
]
