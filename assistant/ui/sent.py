"""Draws what was sent to a model server, question by question, as escaped HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence

from assistant.sent import Sent, usage_line
from assistant.session import Turn
from assistant.usage import Usage

NOTHING = (
    '<p class="empty">Nothing was sent: the built-in analyst answers on this machine, '
    "and no word of this chat has left it.</p>"
)


def sent_html(turns: Sequence[Turn]) -> str:
    """Return the Sent panel: every message that left for a model server, with tokens and cost."""
    asked = [turn for turn in turns if turn.sent]
    if not asked:
        return NOTHING
    total = sum((turn.usage for turn in asked), Usage())
    costs = [turn.cost for turn in asked if turn.cost is not None]
    line = usage_line(total, sum(costs) if costs else None)
    about = f"<p>{html.escape(asked[-1].model)}. Together {html.escape(line)}.</p>" if line else ""
    return about + "".join(_question(turn) for turn in reversed(asked))


def _question(turn: Turn) -> str:
    line = usage_line(turn.usage, turn.cost)
    items = "".join(_message(sent) for sent in turn.sent)
    return (
        f"<h3>{html.escape(turn.question)}</h3>"
        f'<p class="note">{html.escape(line)}</p><ul class="sent">{items}</ul>'
    )


def _message(sent: Sent) -> str:
    return (
        f"<li><details><summary>{html.escape(sent.kind)}: request {sent.request}, "
        f"{len(sent.text):,} characters</summary><pre>{html.escape(sent.text)}</pre></details></li>"
    )
