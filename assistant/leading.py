"""Decides who leads to an answer: a model with all tools, one led by small decisions, or a plan of our own.

Where a model does not lead, it puts the computed results into words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from assistant import briefing, models, privacy
from assistant.abilities import Abilities, Ability
from assistant.briefing import MOST_COLUMNS
from assistant.calling import Calls
from assistant.disguise import Disguise
from assistant.faults import (
    DeclinedError,
    EmptyError,
    GarbledError,
    RamblingError,
    TooLongError,
    told_apart,
)
from assistant.listening import declines, goes_in_circles, heard, whole
from assistant.messages import history, human, without_marker
from assistant.prompts import fill
from assistant.sent import SentLog
from assistant.session import Session, Step, told
from assistant.settings import Settings
from assistant.usage import Meter
from tools.core import Workspace

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.tools import BaseTool

Way = Literal["built-in", "plain", "guided", "planned"]
Say = Callable[[str, Any], None]
ModelFactory = Callable[[Callable[[], Workspace]], "BaseChatModel"]

MOST_TOLD_FACTS = 40  # of one result, to a model that puts it into words
MOST_TOLD_TOKENS = 600
LOOKED_EVERY = 20  # words, for whether a model says the same over and over
MOST_GUIDED_COLUMNS = 24
MOST_FEW_TOOLS = 8  # offered where all of them are too much: they fit into 4,000 tokens with the data


@dataclass(frozen=True)
class Answer:
    """What came of a question before its numbers are checked.

    Attributes:
        text: The words.
        way: Who led.
        about: Status, choices, next questions and reading, as far as somebody said so.
        asked: Messages of the request that the words answer; empty where no model on a server wrote them.
        instead: Words for the same results that nobody needs to check.
    """

    text: str
    way: Way
    about: Mapping[str, Any] = field(default_factory=dict)
    asked: Sequence[Any] = ()
    instead: str = ""


class Leader:
    """Leads one question to an answer; everything here runs beside the thread that shows it.

    Args:
        settings: The limits, and how a model is led.
        session: The chat.
        question: What is asked.
        calls: Runs and records the tool calls.
        meter: Counts what a server takes.
        model: Makes the chat model in place of the one that the settings name.
        abilities: What is known of models; None tries no model out.
        log: Keeps what goes to a server.
        say: Told every word and every call as it comes.
    """

    def __init__(
        self,
        settings: Settings,
        session: Session,
        question: str,
        calls: Calls,
        meter: Meter,
        model: ModelFactory | None,
        abilities: Abilities | None,
        say: Say,
        log: SentLog | None = None,
    ) -> None:
        self._settings, self._session, self._question = settings, session, question
        self._calls, self._meter, self._say = calls, meter, say
        self._model, self._abilities = model, abilities
        self._log = log or SentLog()

    def answer(self) -> Answer:
        """Return the answer.

        Raises:
            ModelError, openai.OpenAIError, ...: See `faults.failures`.
        """
        if not self._settings.uses_server:
            model = self._model(self._view) if self._model else self._built_in()
            said = self._run(model, "The built-in analyst reads the workspace itself.", local=True)
            return Answer(said.text, "built-in", said.additional_kwargs)
        with told_apart():
            if self._settings.plan and self._is_certain():
                return self._planned()
            ability = self._ability()
            while ability.calls_tools:
                try:
                    with told_apart():
                        return self._plain(ability.takes_all)
                except TooLongError:
                    if self._calls.steps:
                        raise
                    ability = self._learnt(ability)
            return self._helped(ability) if self._settings.plan else self._guided(ability)

    def repaired(self, answer: Answer, marked: str) -> str:
        """Let the model write an answer again without what was marked; as it is if it comes to no end."""
        from langchain_core.messages import AIMessage

        messages = [*answer.asked, AIMessage(answer.text), *human(fill("repair.md", marked=marked))]
        said: Any = None
        with told_apart():
            for piece in self._server_model().stream(messages, config={"callbacks": []}):
                said = piece if said is None else said + piece
                if not self._calls.is_wanted() or goes_in_circles(said.text):
                    return answer.text  # ends the connection, so that the server stops as well
        return without_marker(said.text)[0] if said is not None else answer.text

    def _view(self) -> Workspace:
        return self._session.workspace

    def _built_in(self) -> BaseChatModel:
        return models.built_in(self._view, self._taught(), self._session.diary is not None)

    def _taught(self) -> dict[str, str]:
        diary = self._session.diary
        return diary.taught(self._session.workspace) if diary else {}

    def _is_certain(self) -> bool:
        from assistant.builtin.certainty import reads_with_certainty

        earlier = history(self._session.turns, self._session.workspace, False)
        return reads_with_certainty(self._question, self._session.workspace, earlier, self._taught())

    def _ability(self) -> Ability:
        mode = self._settings.mode
        if self._abilities is None:
            return Ability(calls_tools=mode != "guided")
        name = models.named(self._settings)
        if mode == "plain":  # nobody wants it tried out
            return replace(self._abilities.known(name) or Ability(), calls_tools=True)
        known = self._abilities.of(name, self._counted_model)
        return known if mode == "auto" else replace(known, calls_tools=False)

    def _learnt(self, ability: Ability) -> Ability:
        """Return what a model can do to which all this was too much: few tools, then small decisions."""
        less = replace(ability, takes_all=False, calls_tools=ability.takes_all)
        name = models.named(self._settings)
        if self._abilities is not None and self._abilities.known(name) is not None:
            self._abilities.learn(name, less)
        return less

    def _server_model(self) -> BaseChatModel:
        if self._model is None:
            known = self._abilities.known(models.named(self._settings)) if self._abilities else None
            return self._counted_model(bool(known and known.says_usage))
        return self._counted(self._model(self._view))

    def _counted_model(self, says_usage: bool) -> BaseChatModel:
        if self._model is not None:
            return self._counted(self._model(self._view))
        return self._counted(models.on_server(self._settings, says_usage))

    def _counted(self, model: BaseChatModel) -> BaseChatModel:
        model.callbacks = [self._meter.handler(), self._log.handler()]
        return model

    def _plain(self, takes_all: bool) -> Answer:
        """Let the model choose among all tools, or among those near the question."""
        diary, workspace = self._session.diary, self._session.workspace
        words = self._words_so_far()
        data = briefing.for_question(workspace, words, MOST_COLUMNS if takes_all else MOST_GUIDED_COLUMNS)
        system = fill(
            "system.md",
            data=data,
            findings=diary.findings(self._question, workspace) if diary else [],
            words=Disguise(workspace).on(self._taught()),
            examples=diary.examples(self._question, workspace) if diary else [],
        )
        asked: list[Any] = []
        offered = self._offered(words, takes_all)
        said = self._run(self._server_model(), system, local=False, asked=asked, tools=offered)
        if not self._calls.steps and declines(said.text):
            raise DeclinedError
        text, status = without_marker(said.text)
        about = {**said.additional_kwargs, **({"status": status} if status else {})}
        return Answer(text, "plain", about, asked[:-1])

    def _offered(self, words: str, takes_all: bool) -> list[BaseTool]:
        """Return the tools to choose from: all, always in the same order (servers keep that), or a few."""
        from assistant.examples import examples_of
        from assistant.guided import offered_tools

        tools = {tool.name: tool for tool in self._calls.tools(in_short=True)}
        if takes_all:
            return list(tools.values())
        near = offered_tools(words, examples_of(self._session.workspace), tools, most=MOST_FEW_TOOLS)
        return [tools[name] for name in near]

    def _helped(self, ability: Ability) -> Answer:
        """Let the built-in analyst lead a weak model wherever it reads the question, though not for certain.

        Where it does not, a model that takes small decisions well may choose; its answer says so. If nothing
        comes of that, or it takes them badly, the analyst asks back or says what the data lack.
        """
        said = self._run(self._built_in(), "", local=True, quiet=True)
        asks = Answer(said.text, "planned", said.additional_kwargs)
        if asks.about.get("status") == "answered" or self._calls.steps or not ability.decides:
            return asks
        try:
            found = self._guided(ability)
        except GarbledError:
            return asks
        return found if any(step.result for step in self._calls.steps) else asks

    def _guided(self, ability: Ability) -> Answer:
        """Let the model take small decisions, then put the results into words."""
        from assistant.builtin.cataloguing import catalog_of
        from assistant.builtin.several import requests_in
        from assistant.examples import Example, examples_of
        from assistant.guided import Briefing, GuidedModel

        workspace = self._session.workspace
        words = self._words_so_far()
        diary = self._session.diary
        remembered = diary.examples(self._question, workspace) if diary else []
        described = briefing.for_question(workspace, words, MOST_GUIDED_COLUMNS)
        columns = briefing.columns_for(workspace, words, MOST_GUIDED_COLUMNS)
        model = GuidedModel(
            inner=self._server_model(),
            structured=ability.structured,
            briefing=Briefing(
                briefing.in_a_line(described),
                tuple(Disguise(workspace).on(columns)),
                (*examples_of(workspace), *(Example(*one) for one in remembered)),
                self._before(),
                tuple(requests_in(self._question, catalog_of(workspace))) or (self._question,),
            ),
        )
        said = self._run(model, "", local=False)
        results = [step.result for step in self._calls.steps if step.result]
        if not results:
            return Answer(said.text, "guided", said.additional_kwargs)
        own = "\n\n".join(told(result) for result in results)
        if self._holds_back():
            return Answer(own, "guided")
        return self._in_words("guided", {}, own)

    def _planned(self) -> Answer:
        """Run the built-in analyst's plan, then let the model put the results into words."""
        said = self._run(self._built_in(), "", local=True, quiet=True)
        about = said.additional_kwargs
        if (
            self._holds_back()
            or about.get("status") != "answered"
            or not any(s.result for s in self._calls.steps)
        ):
            return Answer(said.text, "planned", about)  # nothing that a model could tell better, or may see
        return self._in_words("planned", about, said.text)

    def _holds_back(self) -> bool:
        """Return whether a result says more to the person than a model may see."""
        return any("facts_held_back" in self._told(step) for step in self._calls.steps)

    def _in_words(self, way: Way, about: Mapping[str, Any], instead: str) -> Answer:
        """Let the model put the results of this turn's steps into words, heard as they come.

        Raises:
            EmptyError: If it says nothing.
            DeclinedError: If it will not.
        """
        from langchain_core.messages import SystemMessage

        results = [
            {"tool": step.tool, "told": json.dumps(self._told(step), ensure_ascii=False)}
            for step in self._calls.steps
            if step.result
        ]
        asked = [
            SystemMessage(fill("tell.md")),
            *human(fill("results.md", question=self._question, results=results)),
        ]
        said: Any = None
        for piece in self._server_model().stream(
            asked, config={"callbacks": []}, max_tokens=MOST_TOLD_TOKENS
        ):
            said = piece if said is None else said + piece
            if piece.text:
                self._say("word", piece.text)
            if not self._calls.is_wanted() or goes_in_circles(said.text):
                break  # ends the connection, so that the server stops as well
        if said is not None and (
            said.response_metadata.get("finish_reason") == "length" or goes_in_circles(said.text)
        ):  # it does not come to an end
            return Answer(f"{instead.rstrip()}\n\n{fill('worded.md')}", way, about)
        if said is None or not whole(said).text.strip():
            raise EmptyError
        if declines(said.text):
            raise DeclinedError
        text, _ = without_marker(said.text)
        return Answer(text, way, about, asked, instead)

    def _told(self, step: Step) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(
            privacy.for_model(step, self._session.workspace, True, MOST_TOLD_FACTS)
        )
        return content

    def _words_so_far(self) -> str:
        return " ".join([*(turn.question for turn in self._session.turns[-2:]), self._question])

    def _before(self) -> tuple[Any, ...]:
        """Return the newest earlier question with its first call, as an example."""
        from assistant.examples import Example

        turn = self._session.turns[-1] if self._session.turns else None
        step = next((step for step in turn.steps if step.result), None) if turn else None
        if turn is None or step is None:
            return ()
        disguise = Disguise(self._session.workspace, turn.facts)
        arguments = privacy.arguments_for_model(step, turn.question, self._session.workspace)
        told = json.dumps(arguments, ensure_ascii=False)
        return (Example(disguise.on(turn.question), step.tool, told),)

    def _run(
        self,
        model: BaseChatModel,
        system: str,
        local: bool,
        asked: list[Any] | None = None,
        tools: list[BaseTool] | None = None,
        quiet: bool = False,
    ) -> AIMessage:
        """Run the loop of model and tools; return its last message.

        Args:
            model: Who speaks.
            system: Its lead.
            local: Whether it runs in this process and may read the data as they are.
            asked: Takes all messages in order.
            tools: What it may call; everything by default.
            quiet: Whether its words are not shown as they come, for somebody else may speak.
        """
        from langchain.agents import create_agent
        from langchain_core.callbacks import BaseCallbackHandler
        from langchain_core.messages import AIMessage, ToolMessage

        say = self._say

        class Words(BaseCallbackHandler):
            raise_error = True  # what is raised here ends the connection, so that the server stops as well

            def __init__(self) -> None:
                self.said: list[str] = []

            def on_chat_model_start(self, *args: Any, **kwargs: Any) -> None:
                self.said = []

            def on_llm_new_token(self, token: str | list[str | dict[str, Any]], **kwargs: Any) -> None:
                if isinstance(token, str) and token:
                    say("word", token)
                    self.said.append(token)
                    if (
                        not local
                        and not len(self.said) % LOOKED_EVERY
                        and goes_in_circles("".join(self.said))
                    ):
                        raise RamblingError

        # One call at a time keeps one writer of the session. Streaming "messages" would need a second thread
        # of the same pool for its queue and never start the first call.
        config: Any = {
            "max_concurrency": 1,
            "recursion_limit": 2 * self._settings.max_steps + 2,
            "callbacks": [] if quiet else [Words()],
        }
        self._calls.leaves_machine = not local
        tools = tools if tools is not None else self._calls.tools()
        loop = create_agent(
            model, tools, system_prompt=system or None, middleware=[heard({tool.name for tool in tools})]
        )
        messages = asked if asked is not None else []
        messages += [
            *history(self._session.turns, self._session.workspace, not local),
            *human(self._question),
        ]
        last: AIMessage | None = None
        for update in loop.stream({"messages": list(messages)}, config=config, stream_mode="updates"):
            for message in [m for part in update.values() for m in (part or {}).get("messages", [])]:
                messages.append(message)
                if isinstance(message, AIMessage):
                    last = message
                    if message.tool_calls:
                        say("calls", message.tool_calls)
                elif isinstance(message, ToolMessage):
                    self._calls.note_refused(message, messages)
                    say("step", None)
        if last is None:
            raise EmptyError
        return last
