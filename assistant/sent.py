"""Keeps every word that goes to a model server, each once, and says what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.usage import Usage

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_core.messages import BaseMessage

WHOSE = {
    "system": "instructions",
    "human": "question",
    "ai": "what it said before",
    "tool": "computed result",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that left for a model server.

    Attributes:
        request: Number of the request within its question, from 1; later ones carried it again.
        kind: Instructions, question, computed result, names of tools, or what the model said before.
        text: Every word of it.
    """

    request: int
    kind: str
    text: str


class SentLog:
    """What one question sends to a model server."""

    def __init__(self) -> None:
        self.messages: list[Sent] = []
        self._requests = 0

    def handler(self) -> BaseCallbackHandler:
        """Return what a chat model of LangChain tells of each request before it is made."""
        from langchain_core.callbacks import BaseCallbackHandler

        log = self

        class Keeping(BaseCallbackHandler):
            raise_error = True  # what cannot be kept is not sent

            def on_chat_model_start(
                self, serialized: dict[str, Any], messages: list[list[BaseMessage]], **about: Any
            ) -> None:
                log.keep(messages[0], about.get("invocation_params") or {})

        return Keeping()

    def keep(self, messages: Sequence[BaseMessage], parameters: dict[str, Any]) -> None:
        """Keep what a request holds and none before it did."""
        self._requests += 1
        found = [(WHOSE.get(message.type, message.type), _words(message)) for message in messages]
        tools = parameters.get("tools") or ()
        names = sorted(_name(tool) for tool in tools)
        if names:
            found.append(("tools it may ask for", ", ".join(names)))
        known = {(sent.kind, sent.text) for sent in self.messages}
        self.messages += [
            Sent(self._requests, kind, text)
            for kind, text in dict.fromkeys(found)
            if (kind, text) not in known
        ]


def _name(tool: Any) -> str:
    if isinstance(tool, dict):  # as the server is told; a model without one gets LangChain's own object
        return str(tool.get("function", tool).get("name", ""))
    return str(tool.name)


def _words(message: BaseMessage) -> str:
    calls = [f"{call['name']} {call['args']}" for call in getattr(message, "tool_calls", ())]
    return "\n".join(part for part in (message.text, *calls) if part)


def cost(usage: Usage, price_sent: float, price_received: float) -> float | None:
    """Return what the tokens cost; None where no price is known.

    Args:
        usage: Tokens of one or several questions.
        price_sent: Price of a million tokens sent.
        price_received: Price of a million tokens received.
    """
    if not (price_sent or price_received):
        return None
    return (usage.input_tokens * price_sent + usage.output_tokens * price_received) / 1e6


def usage_line(usage: Usage, price: float | None = None) -> str:
    """Say tokens and cost in a few words; nothing where no server was asked."""
    if not usage.requests:
        return ""
    about = "about " if usage.estimated else ""
    told = f"{about}{usage.input_tokens:,} tokens sent, {about}{usage.output_tokens:,} received"
    return told if price is None else f"{told}, cost {about}{price:.4f}"
