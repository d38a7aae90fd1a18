"""Counts what one question costs at a model server, in tokens, and stops before its budget is overrun."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_core.messages import BaseMessage


class TokensError(Exception):
    """The next request to the model would use more tokens than one question may."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What was asked of a model server for one turn; nothing for the built-in analyst.

    Attributes:
        requests: Times that it was asked.
        input_tokens: Tokens sent.
        output_tokens: Tokens received.
        estimated: Whether some of it was counted here, because the server did not say.
    """

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False

    @property
    def tokens(self) -> int:
        """Tokens sent and received."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        """Return both together."""
        return Usage(
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.estimated or other.estimated,
        )


class Meter:
    """Adds up the usage of one question.

    Args:
        most_tokens: Budget of tokens; 0 for none.
    """

    def __init__(self, most_tokens: int = 0) -> None:
        self.usage = Usage()
        self._most = most_tokens

    def handler(self) -> BaseCallbackHandler:
        """Return what a chat model of LangChain tells of each request to its server."""
        from langchain_core.callbacks import BaseCallbackHandler

        meter = self
        sent: dict[Any, int] = {}  # run -> tokens of its messages, counted here

        class Counting(BaseCallbackHandler):
            raise_error = True  # a budget that is used up ends the request before it is sent

            def on_chat_model_start(
                self, serialized: dict[str, Any], messages: list[list[BaseMessage]], **about: Any
            ) -> None:
                offered = (about.get("invocation_params") or {}).get("tools") or ()
                sent[about["run_id"]] = counted(messages[0], offered)
                meter.allow(sent[about["run_id"]])

            def on_llm_end(self, response: Any, **about: Any) -> None:
                message = response.generations[0][0].message
                meter.usage += _usage_of(message, sent.pop(about["run_id"], 0))

        return Counting()

    def allow(self, tokens: int) -> None:
        """Let a request of this many tokens pass.

        Raises:
            TokensError: If it would go beyond the budget.
        """
        if self._most and self.usage.tokens + tokens > self._most:
            raise TokensError


def counted(messages: Sequence[BaseMessage], tools: Sequence[Any] = ()) -> int:
    """Return about how many tokens a request holds: one for four characters, and a few for each message.

    Args:
        messages: What is said.
        tools: What may be called, as LangChain or a server describes it.
    """
    from langchain_core.messages.utils import count_tokens_approximately
    from langchain_core.utils.function_calling import convert_to_openai_tool

    described = json.dumps([convert_to_openai_tool(tool) for tool in tools], ensure_ascii=False)
    return int(count_tokens_approximately(messages)) + len(described) // 4


def _usage_of(message: Any, sent: int) -> Usage:
    told = getattr(message, "usage_metadata", None)
    if told and told["input_tokens"]:
        return Usage(1, int(told["input_tokens"]), int(told["output_tokens"]))
    return Usage(1, sent, counted([message]), estimated=True)
