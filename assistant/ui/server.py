"""Knows the web around the page: the cookie that names a browser's chat, security headers, and downloads.

A download is only ever made from the chat of the cookie that asks for it.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import report as reports
from assistant.session import Turn
from assistant.ui.chats import Chat, Chats, new_id
from tools.core import ResultTable, Scalar
from tools.errors import ToolError

COOKIE = "cash_classifiers_chat"
WELL_FORMED = re.compile(r"[\w-]{43}")
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)
REPORT_POLICY = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
NOT_THERE = "There is nothing to download yet. Load a file and ask a question first."
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BrowserCookie:
    """Gives every browser a random id in a cookie that no script reads, and the page its security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; on the way back, add what the page needs."""
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        known = chat_id_of(Request(scope).cookies) is not None
        secure = "; Secure" if scope.get("scheme") == "https" else ""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = PAGE_POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                if not known:
                    headers.append(
                        "Set-Cookie",
                        f"{COOKIE}={new_id()}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000{secure}",
                    )
            await send(message)

        await self._app(scope, receive, with_headers)


def chat_id_of(cookies: object) -> str | None:
    """Return the chat's id from cookies (a mapping, or the text of the header), or None."""
    try:
        found = SimpleCookie(cookies).get(COOKIE) if isinstance(cookies, str) else dict(cookies).get(COOKIE)  # type: ignore[call-overload]
    except CookieError:
        return None
    value = getattr(found, "value", found)
    return value if isinstance(value, str) and WELL_FORMED.fullmatch(value) else None


def routes(chats: Chats) -> list[Route]:
    """Return the download routes; each answers from the chat of the browser that asks."""

    def own_chat(request: Request) -> Chat | None:
        chat_id = chat_id_of(request.cookies)
        return chats.find(chat_id) if chat_id else None

    def report(request: Request) -> Response:
        chat = own_chat(request)
        if chat is None or chat.session is None:
            return PlainTextResponse(NOT_THERE, 404)
        content = make_report(chat, request.query_params.get("title", ""), request.query_params.get("turns"))
        if "view" in request.query_params:
            return Response(
                content, media_type="text/html", headers={"Content-Security-Policy": REPORT_POLICY}
            )
        return _attachment(content, "text/html; charset=utf-8", f"{_stem(chat)}_report.html")

    def customers(request: Request) -> Response:
        chat = own_chat(request)
        if chat is None or chat.session is None or chat.session.workspace.segmentation is None:
            return PlainTextResponse(NOT_THERE, 404)
        from tools.customers.exporting import (
            export_customers,  # scikit-learn stands behind it: not at start-up
        )

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "customers.csv"
            try:
                export_customers(chat.session.workspace, path)
            except ToolError as error:
                return PlainTextResponse(str(error), 409)
            return _attachment(path.read_bytes(), "text/csv; charset=utf-8", f"{_stem(chat)}_segments.csv")

    def table(request: Request) -> Response:
        chat = own_chat(request)
        turns: list[Turn] = chat.turns if chat else []
        place, which = request.path_params["turn"], request.path_params["table"]
        if place >= len(turns) or which >= len(turns[place].tables):
            return PlainTextResponse(NOT_THERE, 404)
        found = turns[place].tables[which]
        return _attachment(
            table_csv(found).encode("utf-8-sig"), "text/csv; charset=utf-8", f"{_slug(found.title)}.csv"
        )

    return [
        Route("/download/report", report),
        Route("/download/customers.csv", customers),
        Route("/download/table/{turn:int}/{table:int}", table),
    ]


def make_report(chat: Chat, title: str = "", chosen: str | None = None) -> bytes:
    """Return the report of a chat as one HTML file.

    Args:
        chat: With a session.
        title: Given by the person, or empty.
        chosen: Comma-separated places of the turns that go in; None for all.
    """
    if chat.session is None:
        raise ToolError(NOT_THERE)
    places = None if chosen is None else {int(part) for part in chosen.split(",") if part.isdigit()}
    turns = (
        None if places is None else [turn for place, turn in enumerate(chat.session.turns) if place in places]
    )
    return reports.to_html(reports.build(chat.session, title.strip() or None, turns)).encode()


def table_csv(table: ResultTable) -> str:
    """Return a table as CSV in which no cell can start a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_harmless(name) for name in table.columns])
    writer.writerows([_harmless(value) for value in row] for row in table.rows)
    return text.getvalue()


def _harmless(value: Scalar) -> Scalar:
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS_A_FORMULA) else value


def _attachment(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=media_type, headers={**headers, "Cache-Control": "no-store"})


def _stem(chat: Chat) -> str:
    return _slug(Path(chat.session.workspace.table.source).stem if chat.session else "chat")


def _slug(text: str) -> str:
    return re.sub(r"[^a-zA-Z0-9]+", "_", text).strip("_").lower()[:60] or "table"
