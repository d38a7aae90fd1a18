"""Knows how content becomes a file in somebody's downloads, with a safe name."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.responses import Response

from assistant.ui.chat import Chat

NOT_THERE = "There is nothing to download yet. Load a file and ask a question first."


def attachment(content: bytes, media_type: str, name: str) -> Response:
    """Return content as a file that is saved, never shown."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=media_type, headers={**headers, "Cache-Control": "no-store"})


def stem(chat: Chat) -> str:
    """Return a file name without ending for what comes from a chat."""
    return slug(Path(chat.session.workspace.table.source).stem if chat.session else "chat")


def slug(text: str) -> str:
    """Return a text as a file name: letters, digits and underscores."""
    return re.sub(r"[^a-zA-Z0-9]+", "_", text).strip("_").lower()[:60] or "table"
