"""Knows what a file that comes into a running chat may be for, and how the page asks which of it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.recipe import holds_recipe, replayable
from assistant.session import Session
from tools.customers.exporting import holds_segmentation
from tools.wording import listing

What = Literal["score", "movement", "again", "add", "new", "apply", "rerun", "leave"]
# Label of the button, what comes of it, and how the chat tells that it was chosen.
WORDS: dict[What, tuple[str, str, str]] = {
    "score": (
        "Put its customers into the present segments",
        "Nothing is fitted again, and it says whether they are enough alike.",
        "Put the customers of {files} into the present segments",
    ),
    "movement": (
        "Show who moved",
        "Who changed segment since {source}, who is new and who left.",
        "Who moved between the segments from {source} to {files}?",
    ),
    "again": (
        "Ask the same questions again",
        "In a new chat on this file, with what has changed; needs no model.",
        "Running the questions of this chat on {files}",
    ),
    "add": (
        "Add it as a further table",
        "Beside {source}, to ask about both.",
        "Add {files} as a further table",
    ),
    "new": ("Start a new chat with it", "This chat stays as it is.", "Reading {files}"),
    "apply": (
        "Use these saved segments",
        "Puts the customers of {source} into them; nothing is fitted.",
        "Put the customers of {source} into the saved segments of {files}",
    ),
    "rerun": (
        "Run this report again",
        "Its steps on {source} in a new chat, with what has changed.",
        "Running {files} again",
    ),
}


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that a file may be for.

    Attributes:
        what: Which.
        label: On its button.
        about: What comes of it, in a sentence.
        told: How the chat tells that it was chosen.
    """

    what: What
    label: str
    about: str
    told: str


def uses(session: Session, paths: Sequence[Path]) -> tuple[Use, ...]:
    """Return what these files may be for in this chat, the likeliest first."""
    source, files = session.workspace.table.source, listing([path.name for path in paths])
    found = []
    for what in _possible(session, paths):
        label, about, told = WORDS[what]
        found.append(Use(what, label, about.format(source=source), told.format(source=source, files=files)))
    return tuple(found)


def _possible(session: Session, paths: Sequence[Path]) -> tuple[What, ...]:
    segments = [path for path in paths if holds_segmentation(path)]
    reports = [path for path in paths if path not in segments and holds_recipe(path)]
    if segments or reports:
        alone = len(paths) == 1
        return ("apply",) if alone and segments else ("rerun",) if alone else ("new",)
    placed: tuple[What, ...] = ("score", "movement") if session.workspace.segmentation else ()
    asked: tuple[What, ...] = ("again",) if any(any(replayable(turn)) for turn in session.turns) else ()
    return (*placed, *asked, "add", "new")


def asked_html(paths: Sequence[Path], offered: Sequence[Use]) -> str:
    """Return the question what files are for, as buttons."""
    names = html.escape(listing([path.name for path in paths]))
    buttons = "".join(
        f'<li><button type="button" class="use" data-use="{use.what}">'
        f"<strong>{html.escape(use.label)}</strong><span>{html.escape(use.about)}</span></button></li>"
        for use in offered
    )
    return (
        '<section class="offer" aria-labelledby="offer-title">'
        f'<h2 id="offer-title">What shall I do with {names}?</h2><ul>{buttons}</ul>'
        '<button type="button" class="ask leave" data-use="leave">Leave it</button></section>'
    )
