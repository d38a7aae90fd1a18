"""Hears what a model on a server said: calls, also garbled or written as words; what was cut or declined."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from assistant.faults import CutError, DeclinedError, GarbledError, TooLongError
from assistant.prompts import fill
from assistant.usage import counted
from assistant.written_calls import calls_in

if TYPE_CHECKING:
    from langchain.agents.middleware import AgentMiddleware
    from langchain_core.messages import AIMessage

LEAST_READ = 0.35  # of what was sent; less, and the beginning was cut off
MOST_GARBLED = 2  # calls that are no JSON, one after the other, before the model is given up

SAID_RUNNING = 4  # times that the same words may end an answer
MOST_LOOKED_BACK = 1_600  # characters

# How models of several makers decline; only the start of an answer is read, and only where no tool ran.
_DECLINES = re.compile(
    r"^\W*(?:(?:i'?m|i am) (?:really |very |so )?sorry,? (?:but )?(?:i|as an)\b.{0,30}?\b"
    r"(?:can'?t|cannot|unable|won'?t|not able)"
    r"|(?:sorry,? )?(?:but )?i (?:can'?t|cannot|can not|won'?t|am unable to|'m unable to|am not able to) "
    r"(?:help|assist|comply|fulfil|do that|provide|answer|engage)"
    r"|as an? (?:ai|artificial intelligence|(?:large )?language model)\b)",
    re.IGNORECASE,
)


def heard(names: Collection[str]) -> AgentMiddleware:
    """Return what stands between loop and model: every answer comes through whole, and as calls.

    Each call gets an id of its own (some servers use one id twice, and the loop loses its way), and calls
    that a server left in the words are taken out of them.

    Args:
        names: Tools that there are.
    """
    from langchain.agents.middleware import wrap_model_call
    from langchain_core.messages import AIMessage, HumanMessage

    @wrap_model_call
    def listen(request: Any, handler: Callable[[Any], Any]) -> Any:
        for _ in range(MOST_GARBLED + 1):
            response = handler(request)
            said: AIMessage = response.result[-1]
            whole(said)
            _is_read(said, request)
            written: list[Any] = [] if said.tool_calls else calls_in(said.text, names)
            calls: list[Any] = [*said.tool_calls, *written]
            for call in calls:
                call["id"] = f"call_{uuid4().hex[:12]}"
            if calls or not said.invalid_tool_calls:
                # A new message: langchain takes the calls of one that was streamed from its pieces.
                response.result[-1] = AIMessage(
                    content="" if written else said.content,
                    tool_calls=calls,
                    additional_kwargs=said.additional_kwargs,
                    response_metadata=said.response_metadata,
                    id=said.id,
                )
                return response
            garbled = said.invalid_tool_calls[0]
            told = fill("garbled_call.md", tool=garbled["name"], arguments=json.dumps(garbled["args"]))
            request = request.override(
                messages=[*request.messages, AIMessage(said.text or "(a call)"), HumanMessage(told)]
            )
        raise GarbledError

    return listen


def _is_read(said: AIMessage, request: Any) -> None:
    """Compare what a server counted with what was sent: some cut what is too long and say nothing.

    Raises:
        TooLongError: If it read but a small part; how a server writes the tools down may halve them.
    """
    told = said.usage_metadata["input_tokens"] if said.usage_metadata else 0
    if 0 < told < LEAST_READ * counted(request.messages, request.tools):
        raise TooLongError


def whole(said: AIMessage) -> AIMessage:
    """Return a message as it is.

    Raises:
        CutError: If a stream ended before the message did, or the server's limit of length cut it.
        DeclinedError: If a filter declined.
    """
    about = said.response_metadata
    finish = about.get("finish_reason")
    if finish == "content_filter":
        raise DeclinedError
    if finish == "length" or (about.get("model_provider") and finish is None):
        raise CutError
    return said


def goes_in_circles(text: str) -> bool:
    """Tell whether a text repeats itself word for word at its end, as weak models do until they are stopped.

    What is said four times running is no answer any more: a line, a sentence, or a few words.
    """
    words = text[-MOST_LOOKED_BACK:].split()
    for length in range(3, len(words) // SAID_RUNNING + 1):
        last = words[-length:]
        if all(words[-n * length - length : -n * length] == last for n in range(1, SAID_RUNNING)):
            return True
    return False


def declines(text: str) -> bool:
    """Tell whether an answer is a stock refusal to help."""
    return bool(_DECLINES.match(text))
