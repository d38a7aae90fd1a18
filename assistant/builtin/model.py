"""The LangChain face of the built-in analyst: messages in, tool calls or prose out, nothing kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.conversation import asks_for_earlier, taught_words
from assistant.builtin.dialogue import read_message
from assistant.builtin.history import conversation_of, read_result
from assistant.builtin.request.advice import RecallFindings
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.turn import first_message, next_message, plan_of
from tools.core import Workspace


class BuiltinAnalyst(BaseChatModel):
    """A chat model that parses instead of guessing; deterministic, without weights and without network.

    Attributes:
        workspace_view: Gives the workspace as it stands, for the names and values in it.
        taught: Words that were taught in other chats, with the column that each means.
        remembers: Whether what was found earlier can be asked for.
    """

    workspace_view: Callable[[], Workspace]
    taught: Mapping[str, str] = {}
    remembers: bool = False

    @property
    def _llm_type(self) -> str:
        return "builtin-analyst"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Accept the tools of the loop; their names are known already."""
        return self.bind(**kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._reply(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = self._reply(messages)
        if message.tool_calls:
            pieces = [
                {"name": call["name"], "args": json.dumps(call["args"]), "id": call["id"], "index": index}
                for index, call in enumerate(message.tool_calls)
            ]
            yield ChatGenerationChunk(
                message=AIMessageChunk(
                    content="",
                    tool_call_chunks=pieces,  # type: ignore[arg-type]
                    additional_kwargs=message.additional_kwargs,
                    chunk_position="last",
                )
            )
            return
        for words in re.findall(r"\S+\s*|\s+", str(message.content)):
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=words))
            if run_manager:
                run_manager.on_llm_new_token(words, chunk=chunk)
            yield chunk
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content="", additional_kwargs=message.additional_kwargs, chunk_position="last"
            )
        )

    def _reply(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """Return the next message of the conversation."""
        last = max((i for i, m in enumerate(messages) if isinstance(m, HumanMessage)), default=None)
        if last is None:
            return AIMessage(
                "Ask a question about the data.", additional_kwargs={"status": "clarify", "choices": []}
            )
        question = messages[last].text
        earlier, running = messages[:last], messages[last + 1 :]
        said = [message.text for message in messages[: last + 1] if isinstance(message, HumanMessage)]
        bare = catalog_of(self.workspace_view())
        catalog = catalog_of(self.workspace_view(), taught_words(said, bare, self.taught))
        state = plan_of(running)
        if state is None:
            if self.remembers and asks_for_earlier(question):
                recalled: list[Outcome] = [Reading((RecallFindings(question=question.strip()),))]
                return first_message(question, catalog, recalled)
            return first_message(question, catalog, read_message(question, catalog, conversation_of(earlier)))
        results = [read_result(m.text) for m in running if isinstance(m, ToolMessage)]
        return next_message(question, catalog, state, results, said)
