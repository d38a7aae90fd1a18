"""Knows what the page's server gives besides the page: downloads, the list of kept chats, thumbs.

Everything is answered from the chats of the person who asks, and from nobody else's.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from assistant.session import Turn
from assistant.store import KeptChat
from assistant.ui.chart_data import chart_table
from assistant.ui.chat import Chat
from assistant.ui.chats import Chats
from assistant.ui.downloads import NOT_THERE, attachment, slug, stem
from assistant.ui.gate import Identity, chat_id_of
from tools.core import ResultTable, Scalar
from tools.customers.exporting import export_customers, save_segmentation, with_baseline
from tools.errors import ToolError
from tools.understanding.unread import write_unread

NO_SUCH_CHAT = "There is no such chat."
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
CUSTOMER_FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def routes(chats: Chats, identity: Identity) -> list[Route]:
    """Return the routes of everything that one person may fetch or change."""
    own = _Own(chats, identity)
    return [
        Route("/download/customers.{ending}", own.customers),
        Route("/download/segments.json", own.segments),
        Route("/download/unread/{place:int}", own.unread),
        Route("/download/table/{turn:int}/{place:int}", own.table),
        Route("/download/chart/{turn:int}/{place:int}", own.chart),
        Route("/chats", own.kept),
        Route("/chats/{chat}", own.delete, methods=["DELETE"]),
        Route("/chats/thumb/{place:int}/{thumb}", own.thumb, methods=["POST"]),
    ]


class _Own:
    """The routes of one person's own things; the chat is named by the tab's address."""

    def __init__(self, chats: Chats, identity: Identity) -> None:
        self._chats = chats
        self._identity = identity

    def _chat(self, request: Request) -> Chat | None:
        owner, chat_id = self._identity.owner(request.cookies), chat_id_of(request.query_params)
        return self._chats.find(owner, chat_id) if owner and chat_id else None

    def customers(self, request: Request) -> Response:
        chat, ending = self._chat(request), request.path_params["ending"]
        if chat is None or chat.session is None or chat.session.workspace.segmentation is None:
            return PlainTextResponse(NOT_THERE, 404)
        if ending not in CUSTOMER_FILES:
            return PlainTextResponse(NOT_THERE, 404)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"customers.{ending}"
            try:
                export_customers(chat.session.workspace, path)
            except ToolError as error:
                return PlainTextResponse(str(error), 409)
            return attachment(path.read_bytes(), CUSTOMER_FILES[ending], f"{stem(chat)}_segments.{ending}")

    def segments(self, request: Request) -> Response:
        chat = self._chat(request)
        if chat is None or chat.session is None or chat.session.workspace.segmentation is None:
            return PlainTextResponse(NOT_THERE, 404)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "segments.json"
            save_segmentation(with_baseline(chat.session.workspace), path)
            return attachment(path.read_bytes(), "application/json", f"{stem(chat)}_segments.json")

    def unread(self, request: Request) -> Response:
        chat, place = self._chat(request), request.path_params["place"]
        tables = list(chat.session.workspace.tables) if chat and chat.session else []
        if chat is None or chat.session is None or not 0 <= place < len(tables):
            return PlainTextResponse(NOT_THERE, 404)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "unread.csv"
            write_unread(chat.session.workspace, path, tables[place])
            return attachment(
                path.read_bytes(), "text/csv; charset=utf-8", f"{slug(tables[place])}_unread.csv"
            )

    def table(self, request: Request) -> Response:
        return self._part(request, lambda turn, place: turn.tables[place])

    def chart(self, request: Request) -> Response:
        return self._part(request, lambda turn, place: chart_table(turn.figures[place]))

    def _part(self, request: Request, find: Callable[[Turn, int], ResultTable]) -> Response:
        chat = self._chat(request)
        try:
            turn = (chat.turns if chat else [])[request.path_params["turn"]]
            found = find(turn, request.path_params["place"])
        except IndexError:
            return PlainTextResponse(NOT_THERE, 404)
        content = table_csv(found).encode("utf-8-sig")
        return attachment(content, "text/csv; charset=utf-8", f"{slug(found.title)}.csv")

    def kept(self, request: Request) -> Response:
        owner = self._identity.owner(request.cookies)
        found = self._chats.kept(owner, request.query_params.get("search", "")[:200]) if owner else []
        return JSONResponse([_listed(chat) for chat in found], headers={"Cache-Control": "no-store"})

    def delete(self, request: Request) -> Response:
        owner = self._identity.owner(request.cookies)
        chat_id = chat_id_of({"chat": request.path_params["chat"]})
        if not owner or not chat_id or not self._chats.delete(owner, chat_id):
            return PlainTextResponse(NO_SUCH_CHAT, 404)
        return PlainTextResponse("Deleted.")

    def thumb(self, request: Request) -> Response:
        chat, place = self._chat(request), request.path_params["place"]
        liked = {"up": True, "down": False, "none": None}.get(request.path_params["thumb"])
        if chat is None or not self._chats.rate(chat, place, liked):
            return PlainTextResponse(NO_SUCH_CHAT, 404)
        return PlainTextResponse("Noted.")


def table_csv(table: ResultTable) -> str:
    """Return a table as CSV in which no cell can start a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_harmless(name) for name in table.columns])
    writer.writerows([_harmless(value) for value in row] for row in table.rows)
    return text.getvalue()


def _listed(chat: KeptChat) -> dict[str, str | int | float]:
    return {
        "id": chat.id,
        "source": chat.source,
        "question": chat.question,
        "n_turns": chat.n_turns,
        "used": chat.used,
    }


def _harmless(value: Scalar) -> Scalar:
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS_A_FORMULA) else value
