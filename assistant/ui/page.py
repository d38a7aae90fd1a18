"""Lays out the page and connects it with the chats on the server."""

from __future__ import annotations

import asyncio
import html
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.report import FORMS
from assistant.ui.chat import Chat
from assistant.ui.chats import Chats
from assistant.ui.gate import Identity, chat_id_of
from assistant.ui.messages import conversation, progress_html
from assistant.ui.offers import What, asked_html
from assistant.ui.panels import data_html, segments_html, versions_html
from assistant.ui.sent import sent_html
from tools.progress import Progress

TITLE = "Cash Classifiers"
PROMISE = (
    "Drop a file of customers or transactions, ask in plain English, "
    "and get checked numbers, segments and a report."
)
FORMATS = "CSV, TSV, Excel, Parquet or JSON. Your file stays on this machine."
AGAIN = (
    '<section class="again"><h3>Run it again</h3><p>Every answer here can be computed '
    "again without a model, to check it or to see what has changed.</p>"
    '<button type="button" class="ask" data-check="same">On the same data</button>'
    '<button type="button" class="ask" data-more="file">On another file</button></section>'
)
TICK_SECONDS = 0.07  # about 14 screens a second while an answer grows
LONGEST_QUESTION = 4000
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
        with gr.Blocks(
            title=TITLE, fill_width=True, fill_height=True, analytics_enabled=False
        ) as self.blocks:
            self._header(model_label)
            with gr.Row(elem_id="body"):
                with gr.Column(elem_id="main", min_width=280):
                    self._first_sight()
                    self._conversation()
                with gr.Column(elem_id="side", min_width=280, visible=False) as self.side:
                    self._panels()
            self._connect()

    def _header(self, model_label: str) -> None:
        name, _, more = model_label.partition(": ")
        model = f"{html.escape(name)}<span class='more'>{html.escape(more)}</span>"
        with gr.Row(elem_id="top", equal_height=True):
            gr.HTML(
                f'<div class="brand"><h1>{TITLE}</h1><p class="model" title="{html.escape(model_label)}">'
                f"<span class='dot' aria-hidden='true'></span>{model}</p></div>",
                elem_id="brand",
            )
            with gr.Row(elem_id="tools"):
                self.report_top = gr.Button("Download report", size="sm", variant="primary", visible=False)
                gr.Button("Chats", size="sm", elem_id="toggle-chats")
                self.new_chat = gr.Button("New chat", size="sm", elem_id="new-chat", visible=False)
                self.toggle_side = gr.Button("Side panel", size="sm", elem_id="toggle-side", visible=False)
                self.toggle_theme = gr.Button("Light / dark", size="sm", elem_id="toggle-theme")
                self.retry_last = gr.Button("Retry", visible="hidden", elem_id="retry")
                self.undo_last = gr.Button("Undo", visible="hidden", elem_id="undo")
                self.use_now = gr.Button("Use", visible="hidden", elem_id="use")
                self.chosen_use = gr.Textbox(visible="hidden")
                self.check_now = gr.Button("Check", visible="hidden", elem_id="check-again")
                self.elsewhere = gr.Textbox(visible="hidden", elem_id="elsewhere")
                self.act_now = gr.Button("Act", visible="hidden", elem_id="act")
                self.chosen_act = gr.Textbox(visible="hidden")
                self.account = gr.HTML(elem_id="account")

    def _first_sight(self) -> None:
        with gr.Column(elem_id="hero") as self.hero:
            gr.HTML(f'<h2 class="promise">{PROMISE}</h2>')
            self.drop = gr.File(
                label="Drop a file here or click to choose",
                file_count="multiple",
                height=190,
                elem_id="drop",
            )
            self.note = gr.HTML(f'<p class="formats">{FORMATS}</p>', elem_id="note")
            self.stop_reading = gr.Button("Stop", size="sm", elem_id="stop-reading", visible=False)
            self.sample = gr.Button("Try the sample", variant="primary", elem_id="sample")
            gr.HTML('<div id="recent"></div>')

    def _conversation(self) -> None:
        with gr.Column(elem_id="talk", visible=False) as self.talk:
            self.chatbot = gr.Chatbot(
                elem_id="chat",
                label="Conversation",
                show_label=False,
                layout="panel",
                height="100%",
                buttons=[],
                autoscroll=False,
                latex_delimiters=[],
                allow_tags=False,
                editable="user",
            )
            self.offer = gr.HTML("", elem_id="offer", visible=False)
            with gr.Row(elem_id="asking"):
                self.more = gr.UploadButton(
                    "Add a file", file_count="multiple", size="sm", elem_id="more", variant="secondary"
                )
                self.composer = gr.Textbox(
                    elem_id="composer",
                    label="Your question",
                    show_label=False,
                    container=False,
                    placeholder="Ask a question …",
                    lines=1,
                    max_lines=6,
                    max_length=LONGEST_QUESTION,
                    submit_btn=True,
                    html_attributes=gr.InputHTMLAttributes(enterkeyhint="send", autocomplete="off"),
                )

    def _panels(self) -> None:
        with gr.Tabs(elem_id="panels") as self.tabs:
            with gr.Tab("Data", id="data"):
                self.data = gr.HTML(elem_id="data-panel")
            with gr.Tab("Segments", id="segments"):
                self.segments = gr.HTML(elem_id="segments-panel")
            with gr.Tab("Versions", id="versions"):
                self.versions = gr.HTML(elem_id="versions-panel")
            with gr.Tab("Sent", id="sent"):
                self.sent = gr.HTML(elem_id="sent-panel")
            with gr.Tab("Report", id="report"), gr.Column(elem_id="report-panel"):
                self.title = gr.Textbox(
                    label="Title", placeholder="Made from the data if left empty", max_length=200
                )
                self.summary = gr.Textbox(
                    label="Summary, one point a line",
                    placeholder="Made from the answers if left empty",
                    lines=2,
                    max_length=4000,
                )
                self.notes = gr.Textbox(label="Your notes", placeholder="None", lines=1, max_length=4000)
                self.chosen = gr.CheckboxGroup(label="Answers that go in", choices=[])
                self.form = gr.Dropdown(
                    label="Form", choices=[(form.label, form.name) for form in FORMS.values()], value="html"
                )
                self.preview = gr.Button("See it first")
                self.report = gr.Button("Download report", variant="primary")
                gr.HTML('<p class="note">Every form opens without internet.</p>')
                self.days = gr.Dropdown(
                    label="Or a link to read it, for",
                    choices=[("1 week", 7), ("2 weeks", 14), ("1 month", 30), ("3 months", 90)],
                    value=14,
                )
                self.share = gr.Button("Share as a link")
                gr.HTML('<div id="shares"></div>')
                gr.HTML(AGAIN)

    def _connect(self) -> None:
        shown = [
            self.hero, self.talk, self.side, self.note, self.chatbot, self.composer, self.data, self.segments,
            self.versions, self.chosen, self.report_top, self.new_chat, self.toggle_side, self.drop,
            self.tabs, self.account, self.offer, self.stop_reading, self.more, self.sent,
        ]  # fmt: skip
        self.blocks.load(self.restore, None, shown, **QUIET)
        self.composer.submit(self.ask, self.composer, shown, **QUIET)
        self.composer.stop(self.stop, None, [self.chatbot, self.composer], queue=False, **QUIET)
        self.chatbot.option_select(self.choose, None, shown, **QUIET)
        self.retry_last.click(self.retry, None, shown, **QUIET)
        self.undo_last.click(self.undo, None, shown, **QUIET)
        self.chatbot.edit(self.edit, None, shown, **QUIET)
        self.drop.upload(self.load_files, self.drop, [*shown, self.elsewhere], **QUIET)
        self.more.upload(self.load_files, self.more, [*shown, self.elsewhere], **QUIET)
        self.use_now.click(
            self.use, self.chosen_use, [*shown, self.elsewhere], js="() => [window.cashUse]", **QUIET
        )
        self.check_now.click(self.check_again, None, shown, **QUIET)
        self.stop_reading.click(self.stop_loading, None, shown, queue=False, **QUIET)
        self.elsewhere.change(None, self.elsewhere, None, js="(chat) => window.cashGo(chat)")
        self.sample.click(self.load_sample, None, shown, **QUIET)
        self.act_now.click(self.act, self.chosen_act, shown, js="() => [window.cashAct]", **QUIET)
        self.new_chat.click(None, None, None, js="() => window.cashNewChat()")
        self.report_top.click(None, None, None, js="() => window.cashReport()")
        wishes = [self.title, self.summary, self.notes, self.chosen, self.form, self.days]
        for button, does in (
            (self.report, "cashReport"), (self.preview, "cashPreview"), (self.share, "cashShare"),
        ):  # fmt: skip
            button.click(None, wishes, None, js=f"(...wishes) => {{ window.{does}(wishes); }}")
        self.toggle_side.click(None, None, None, js="() => window.cashSide()")
        self.toggle_theme.click(None, None, None, js="() => window.cashTheme()")

    async def restore(self, request: gr.Request) -> Updates:
        """Show the chat of this browser as it stands, and follow it if an answer is being written."""
        chat = await self._chat(request)
        if chat.session is None and not chat.busy:  # a file may be dropped already: leave its place alone
            untouched = (self.drop, self.note)
            yield {part: update for part, update in self._all(chat).items() if part not in untouched}
            return
        async for update in self._follow(chat):
            yield update

    async def ask(self, question: str, request: gr.Request) -> Updates:
        """Answer what was typed or chosen."""
        chat = await self._chat(request)
        accepted = bool(question.strip()) and chat.session is not None and not chat.busy
        if accepted:
            self._chats.ask(chat, question.strip())
        async for update in self._follow(chat, clear=accepted):
            yield update

    async def choose(self, event: gr.SelectData, request: gr.Request) -> Updates:
        """Ask the question of a chip."""
        async for update in self.ask(str(event.value), request):
            yield update

    async def retry(self, request: gr.Request) -> Updates:
        """Ask the last question again."""
        question = self._chats.undo(await self._chat(request))
        async for update in self.ask(question, request):
            yield update

    async def undo(self, request: gr.Request) -> Updates:
        """Take the last turn back, with all it did, and put its question into the box."""
        chat = await self._chat(request)
        question = self._chats.undo(chat)
        yield {**self._all(chat), self.composer: self._composer(chat, value=question)}

    async def edit(self, event: gr.EditData, request: gr.Request) -> Updates:
        """Ask an earlier question in other words; what came after it is taken back."""
        chat = await self._chat(request)
        place = event.index if isinstance(event.index, int) else event.index[0]
        before = conversation(chat.turns, chat.rendered)[:place]
        asked = [message["role"] for message in before].count("user")
        n_turns = len(chat.session.turns) if chat.session else 0
        self._chats.undo(chat, max(n_turns - asked, 0))
        async for update in self.ask(str(event.value), request):
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
            yield {**self._all(chat), self.elsewhere: other.id}
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
        self._chats.stop(chat)
        return {self.chatbot: self._said(chat), self.composer: self._composer(chat)}

    async def _follow(self, chat: Chat, clear: bool = False) -> Updates:
        """Yield what is to be seen until the work that is under way has ended."""
        cleared = {self.composer: self._composer(chat, value="")} if clear else {}
        task, seen = chat.task, self._state(chat)
        yield {**self._all(chat), **cleared}
        while task is not None and not task.done.is_set():
            await asyncio.sleep(TICK_SECONDS)
            now = self._state(chat)
            if now != seen and not task.done.is_set():
                seen = now
                yield {self.chatbot: self._said(chat)} if chat.session else {self.note: self._note(chat)}
        if task is not None:
            made = {self.tabs: gr.update(selected="segments")} if _new_segments(chat) else {}
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
        loaded = chat.session is not None
        workspace = chat.session.workspace if chat.session else None
        turns = chat.session.turns if chat.session else []
        choices = [(turn.question, str(place)) for place, turn in enumerate(turns)]
        answered = [str(place) for place, turn in enumerate(turns) if turn.status == "answered"]
        return {
            self.hero: gr.update(visible=not loaded),
            self.talk: gr.update(visible=loaded),
            self.side: gr.update(visible=loaded),
            self.report_top: gr.update(visible=bool(answered)),
            self.new_chat: gr.update(visible=loaded),
            self.toggle_side: gr.update(visible=loaded),
            self.drop: gr.update(value=None),
            self.note: self._note(chat),
            self.stop_reading: gr.update(visible=chat.busy and not loaded),
            self.offer: _offer(chat),
            self.more: gr.update(value=None),
            self.chatbot: self._said(chat),
            self.composer: self._composer(chat),
            self.data: data_html(workspace),
            self.segments: segments_html(workspace, chat.id),
            self.versions: versions_html(workspace),
            self.sent: sent_html(turns),
            self.account: _account(chat.owner),
            self.chosen: gr.update(choices=choices, value=answered),
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
