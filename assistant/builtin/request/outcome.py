"""Knows how a message was read: as requests with what was assumed, or as a reply without any tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.builtin.linking import Catalog
from assistant.builtin.request import Request

Status = Literal["answered", "clarify", "refused"]


@dataclass(frozen=True)
class Reading:
    """How a message was read: requests in order, and what was assumed on the way.

    Attributes:
        requests: What the tools will be asked.
        notes: Sentences on how words were read, where that was not obvious.
        offers: Questions that the other readings would be.
        preface: What must be said or done before the answer: "why" that data show no reasons.
        after: Reply template said below the answer: what was not done and why.
        claims: Numbers that the question takes for granted; the answer says whether they hold.
        claimed_first: Group that the question takes to lead a ranking; the answer says whether it does.
        majority: What the question claims of a share in percent; the answer says whether it is so.
        unread: Words that nothing in the requests stands for, though they would change them.
        reworded: The plain question that the message was turned into, whose words the requests stand for.
    """

    requests: tuple[Request, ...]
    notes: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    preface: str = ""
    after: str = ""
    claims: tuple[float, ...] = ()
    claimed_first: str = ""
    majority: tuple[str, float] | None = None
    unread: tuple[str, ...] = ()
    reworded: str = ""


@dataclass(frozen=True)
class Reply:
    """An answer without any tool: a question back, a refusal, or small talk.

    Attributes:
        status: What kind of answer it is.
        template: Block of a template in `prompts/builtin/`.
        values: What the template is filled with.
        choices: Clickable questions or names.
    """

    status: Status
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[str, ...] = ()


Outcome = Reading | Reply
Read = Callable[[str, Catalog], Outcome]
