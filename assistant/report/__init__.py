"""One report of a conversation, and its renderings: page, paper, slides, text, notebook and script."""

from __future__ import annotations

from assistant.report.content import Finding, NumberSource, Report, SegmentCard, build
from assistant.report.forms import FORMS, render
from assistant.report.html import to_html
from assistant.report.wording import first_sentence

__all__ = [
    "FORMS",
    "Finding",
    "NumberSource",
    "Report",
    "SegmentCard",
    "build",
    "first_sentence",
    "render",
    "to_html",
]
