"""Lays out the page: which component stands where, and what it says before anything happens."""

from __future__ import annotations

import html

import gradio as gr

from assistant.report import FORMS

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
LONGEST_QUESTION = 4000


class Layout:
    """The components of the page, by name; what happens on an event is none of its business.

    Args:
        model_label: Which model is in use, in a few words.
    """

    def __init__(self, model_label: str) -> None:
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
                self.taken = gr.Textbox(visible="hidden")
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
            self.waiting = gr.HTML("", elem_id="waiting", visible=False)
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
