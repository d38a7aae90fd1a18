"""Connects the page with the chats on the server: what happens on each event, and what is shown then."""

from __future__ import annotations

import asyncio
import html
import json
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.ui.chat import Chat
from assistant.ui.chats import Chats
from assistant.ui.data_panel import data_html
from assistant.ui.gate import Identity, chat_id_of
from assistant.ui.layout import FORMATS, LONGEST_QUESTION, Layout
from assistant.ui.messages import conversation, progress_html
from assistant.ui.offers import What, asked_html
from assistant.ui.panels import segments_html, versions_html
from assistant.ui.sent import sent_html
from tools.progress import Progress

TICK_SECONDS = 0.07  # about 14 screens a second while an answer grows
CLICKS = (
    "rename_segment", "merge_segments", "split_segment", "restore_version", "use_segmentation",
    "undo_segmentation", "redo_segmentation",
)  # fmt: skip
QUIET: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "concurrency_limit": None,
    "trigger_mode": "multiple",  # the chat itself knows whether it is busy
}

Update = dict[Any, Any]
Updates = AsyncIterator[Update]


class Page:
    """The page: its components, and what happens on each event.

    Args:
        chats: All conversations of this server.
        identity: Tells who is asking.
        model_label: Which model is in use, in a few words.
        sample: File behind "Try the sample".
    """

    def __init__(self, chats: Chats, identity: Identity, model_label: str, sample: Path) -> None:
        self._chats = chats
        self._identity = identity
        self._sample = sample
        self.parts = Layout(model_label)
        self.blocks: gr.Blocks = self.parts.blocks
        with self.blocks:
            self._connect()

    def _connect(self) -> None:
        see = self.parts
        shown = [
            see.hero, see.talk, see.side, see.note, see.chatbot, see.composer, see.data, see.segments,
            see.versions, see.chosen, see.report_top, see.new_chat, see.toggle_side, see.drop, see.tabs,
            see.account, see.offer, see.waiting, see.stop_reading, see.more, see.sent, see.taken,
        ]  # fmt: skip
        self.blocks.load(self.restore, None, shown, **QUIET)
        see.composer.submit(self.ask, see.composer, shown, **QUIET)
        see.composer.stop(self.stop, None, [see.chatbot, see.waiting, see.composer], queue=False, **QUIET)
        see.chatbot.option_select(self.choose, None, shown, **QUIET)
        see.retry_last.click(self.retry, None, shown, **QUIET)
        see.undo_last.click(self.undo, None, shown, **QUIET)
        see.chatbot.edit(self.edit, None, shown, **QUIET)
        see.drop.upload(self.load_files, see.drop, [*shown, see.elsewhere], **QUIET)
        see.more.upload(self.load_files, see.more, [*shown, see.elsewhere], **QUIET)
        see.use_now.click(
            self.use, see.chosen_use, [*shown, see.elsewhere], js="() => [window.cashUse]", **QUIET
        )
        see.check_now.click(self.check_again, None, shown, **QUIET)
        see.stop_reading.click(self.stop_loading, None, shown, queue=False, **QUIET)
        see.elsewhere.change(None, see.elsewhere, None, js="(chat) => window.cashGo(chat)")
        see.taken.change(None, see.taken, None, js="(taken) => window.cashTaken(taken)")
        see.sample.click(self.load_sample, None, shown, **QUIET)
        see.act_now.click(self.act, see.chosen_act, shown, js="() => [window.cashAct]", **QUIET)
        see.new_chat.click(None, None, None, js="() => window.cashNewChat()")
        see.report_top.click(None, None, None, js="() => window.cashReport()")
        wishes = [see.title, see.summary, see.notes, see.chosen, see.form, see.days]
        for button, does in (
            (see.report, "cashReport"), (see.preview, "cashPreview"), (see.share, "cashShare"),
        ):  # fmt: skip
            button.click(None, wishes, None, js=f"(...wishes) => {{ window.{does}(wishes); }}")
        see.toggle_side.click(None, None, None, js="() => window.cashSide()")
        see.toggle_theme.click(None, None, None, js="() => window.cashTheme()")

    async def restore(self, request: gr.Request) -> Updates:
        """Show the chat of this browser as it stands, and follow it if an answer is being written."""
        chat = await self._chat(request)
        if chat.session is None and not chat.busy:  # a file may be dropped already: leave its place alone
            untouched = (self.parts.drop, self.parts.note)
            yield {part: update for part, update in self._all(chat).items() if part not in untouched}
            return
        async for update in self._follow(chat):
            yield update

    async def ask(self, question: str, request: gr.Request) -> Updates:
        """Answer what was typed or chosen; while an answer is being written, it waits for its turn."""
        chat = await self._chat(request)
        if self._chats.ask_soon(chat, question.strip()):  # only this leaves the box, not what is typed by now
            yield {self.parts.taken: f"{question}\n{time.monotonic_ns()}"}
        async for update in self._follow(chat):
            yield update

    async def choose(self, event: gr.SelectData, request: gr.Request) -> Updates:
        """Ask the question of a chip."""
        async for update in self.ask(str(event.value), request):
            yield update

    async def retry(self, request: gr.Request) -> Updates:
        """Ask the last question again."""
        chat = await self._chat(request)
        question = "" if chat.busy else self._chats.undo(chat)
        async for update in self.ask(question, request):
            yield update

    async def undo(self, request: gr.Request) -> Updates:
        """Take the last turn back, with all it did, and put its question into the box."""
        chat = await self._chat(request)
        question = self._chats.undo(chat)
        yield {**self._all(chat), self.parts.composer: self._composer(chat, value=question)}

    async def edit(self, event: gr.EditData, request: gr.Request) -> Updates:
        """Ask an earlier question in other words; what came after it is taken back."""
        chat = await self._chat(request)
        place = event.index if isinstance(event.index, int) else event.index[0]
        before = conversation(chat.turns, chat.rendered)[:place]
        asked = [message["role"] for message in before].count("user")
        n_turns = len(chat.session.turns) if chat.session else 0
        question = "" if chat.busy else str(event.value)
        if question:
            self._chats.undo(chat, max(n_turns - asked, 0))
        async for update in self.ask(question, request):
            yield update

    async def load_files(self, files: Sequence[str] | None, request: gr.Request) -> Updates:
        """Load what was dropped; where data are loaded already, ask what it is for."""
        chat = await self._chat(request)
        paths = [Path(name) for name in files or ()]
        if paths and chat.session is not None:
            await asyncio.to_thread(self._chats.offer, chat, paths)
        elif paths and not chat.busy:
            self._chats.load(chat, paths)
        async for update in self._follow(chat):
            yield update

    async def use(self, what: What, request: gr.Request) -> Updates:
        """Do with the files that came in what the person chose, here or in a new chat."""
        chat = await self._chat(request)
        if chat.busy:
            yield self._all(chat)
            return
        other = await asyncio.to_thread(self._chats.use, chat, what)
        if other is not chat:
            yield {**self._all(chat), self.parts.elsewhere: other.id}
            return
        async for update in self._follow(chat):
            yield update

    async def check_again(self, request: gr.Request) -> Updates:
        """Run the chat again on its own data; it stands in the chat like a question."""
        chat = await self._chat(request)
        if chat.session is not None and not chat.busy:
            self._chats.check_again(chat)
        async for update in self._follow(chat):
            yield update

    async def stop_loading(self, request: gr.Request) -> Update:
        """End the reading of a file, at once."""
        chat = await self._chat(request)
        self._chats.stop(chat)
        return self._all(chat)

    async def load_sample(self, request: gr.Request) -> Updates:
        """Load the sample that comes with the program."""
        chat = await self._chat(request)
        if not chat.busy and chat.session is None:
            self._chats.load(chat, [self._sample])
        async for update in self._follow(chat):
            yield update

    async def act(self, chosen: str, request: gr.Request) -> Updates:
        """Do what was chosen by click beside the chat; it stands in the chat like a question."""
        chat = await self._chat(request)
        act = _act(chosen)
        if act is not None and chat.session is not None and not chat.busy:
            self._chats.act(chat, *act)
        async for update in self._follow(chat):
            yield update

    async def stop(self, request: gr.Request) -> Update:
        """End the answer that is being written, at once."""
        chat = await self._chat(request)
        waited = self._chats.stop(chat)
        back = {"value": waited} if waited else {}
        return {
            self.parts.chatbot: self._said(chat),
            self.parts.waiting: _waiting(chat),
            self.parts.composer: self._composer(chat, **back),
        }

    async def _follow(self, chat: Chat) -> Updates:
        """Yield what is to be seen until the work that is under way has ended."""
        task, seen = chat.task, self._state(chat)
        yield self._all(chat)
        while (under_way := chat.task) is not None and not under_way.done.is_set():
            await asyncio.sleep(TICK_SECONDS)
            if under_way.done.is_set() or chat.task is not under_way:  # what waited goes on at once
                yield self._all(chat)
                continue
            now = self._state(chat)
            if now != seen:
                seen = now
                yield (
                    {self.parts.chatbot: self._said(chat)}
                    if chat.session
                    else {self.parts.note: self._note(chat)}
                )
        if task is not None:
            made = {self.parts.tabs: gr.update(selected="segments")} if _new_segments(chat) else {}
            yield {**self._all(chat), **made}

    async def _chat(self, request: gr.Request) -> Chat:
        """Return the chat that the tab's address names, among those of whoever asks."""
        cookies = dict(request.cookies)
        owner = await asyncio.to_thread(self._identity.owner, cookies)
        if owner is None:  # no cookies are kept: the chat is this tab's only
            owner = f"tab {request.session_hash}"
        chat_id = chat_id_of(dict(request.query_params)) or "here"
        return await asyncio.to_thread(self._chats.get, owner, chat_id)

    def _state(self, chat: Chat) -> tuple[int, str, Progress | None]:
        """Return what is looked at to see whether there is something new to show."""
        return chat.revision, self._chats.doing(chat), chat.progress

    def _said(self, chat: Chat) -> list[dict[str, Any]]:
        doing = self._chats.doing(chat)
        return conversation(chat.turns, chat.rendered, chat.id, doing, chat.progress)

    def _all(self, chat: Chat) -> Update:
        see = self.parts
        loaded = chat.session is not None
        workspace = chat.session.workspace if chat.session else None
        turns = chat.session.turns if chat.session else []
        choices = [(turn.question, str(place)) for place, turn in enumerate(turns)]
        answered = [str(place) for place, turn in enumerate(turns) if turn.status == "answered"]
        return {
            see.hero: gr.update(visible=not loaded),
            see.talk: gr.update(visible=loaded),
            see.side: gr.update(visible=loaded),
            see.report_top: gr.update(visible=bool(answered)),
            see.new_chat: gr.update(visible=loaded),
            see.toggle_side: gr.update(visible=loaded),
            see.drop: gr.update(value=None),
            see.note: self._note(chat),
            see.stop_reading: gr.update(visible=chat.busy and not loaded),
            see.offer: _offer(chat),
            see.more: gr.update(value=None),
            see.chatbot: self._said(chat),
            see.composer: self._composer(chat),
            see.waiting: _waiting(chat),
            see.data: data_html(workspace, chat.id),
            see.segments: segments_html(workspace, chat.id),
            see.versions: versions_html(workspace),
            see.sent: sent_html(turns),
            see.account: _account(chat.owner),
            see.chosen: gr.update(choices=choices, value=answered),
        }

    def _note(self, chat: Chat) -> str:
        if chat.busy and chat.task is not None:
            spinner = '<span class="spin" aria-hidden="true"></span>'
            about = html.escape(f"{chat.task.about} … {self._chats.doing(chat)}")
            return f'<p class="reading" role="status">{spinner}{about}</p>{progress_html(chat.progress)}'
        if chat.problem:
            return f'<p class="problem" role="alert">{html.escape(chat.problem)}</p>'
        return f'<p class="formats">{FORMATS}</p>'

    def _composer(self, chat: Chat, **more: Any) -> Any:
        return gr.update(submit_btn=not chat.busy, stop_btn=chat.busy, **more)


def _offer(chat: Chat) -> Any:
    """Return the question what a file is for, or why it cannot be used; nothing where no file came in."""
    if chat.session is None:
        return gr.update(visible=False)
    if chat.offered is not None and not chat.busy:
        return gr.update(value=asked_html(chat.offered.paths, chat.offered.uses), visible=True)
    problem = f'<p class="problem" role="alert">{html.escape(chat.problem)}</p>' if chat.problem else ""
    return gr.update(value=problem, visible=bool(problem))


def _waiting(chat: Chat) -> Any:
    """Return what will be asked once the answer under way is complete."""
    asked = html.escape(chat.next_question)
    said = f'<p role="status"><span>Asked next:</span> {asked}</p>' if asked else ""
    return gr.update(value=said, visible=bool(asked))


def _new_segments(chat: Chat) -> bool:
    """Tell whether the last turn made or changed the segments."""
    turns = chat.session.turns if chat.session else []
    if not turns or turns[-1].segmentation is None:
        return False
    return len(turns) < 2 or turns[-1].segmentation != turns[-2].segmentation


def _act(chosen: str) -> tuple[str, str, dict[str, Any]] | None:
    """Return question, tool and arguments of what was clicked, or None where it is none of our own clicks."""
    try:
        told = json.loads(chosen)
        question, tool, arguments = str(told["question"]), str(told["tool"]), dict(told["arguments"])
    except (TypeError, ValueError, KeyError):
        return None
    return (question[:LONGEST_QUESTION], tool, arguments) if tool in CLICKS else None


def _account(owner: str) -> str:
    name = owner.removeprefix("account ")
    if name == owner:
        return ""
    return (
        f'<form method="post" action="logout"><span class="who">{html.escape(name)}</span>'
        '<button type="submit">Sign out</button></form>'
    )
